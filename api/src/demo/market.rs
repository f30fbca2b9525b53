//! Whom Arch Consulting works for and buys from. All of them are made up.

/// How a client is to work with: this is what the reports have to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Temper {
    /// Pays about when it's due.
    Good,
    /// Pays, but weeks later.
    Slow,
    /// Buys at a fixed price and asks for more than was agreed: it costs more than it brings.
    Costly,
    /// Stops paying in the end.
    Doubtful,
}

/// A client.
#[derive(Debug)]
pub(super) struct Client {
    /// Name.
    pub(super) name: &'static str,
    /// City.
    pub(super) city: &'static str,
    /// Country.
    pub(super) country: &'static str,
    /// Currency that it's billed in.
    pub(super) currency: &'static str,
    /// How much work comes from it, compared with others.
    pub(super) weight: usize,
    /// How it is to work with.
    pub(super) temper: Temper,
    /// Month of the story from which it buys.
    pub(super) from: usize,
    /// Its person to talk to, and what they do.
    pub(super) contact: (&'static str, &'static str),
}

use Temper::{Costly, Doubtful, Good, Slow};

type Place = (&'static str, &'static str, &'static str);

const TBILISI: Place = ("Tbilisi", "Georgia", "GEL");
const BATUMI: Place = ("Batumi", "Georgia", "GEL");
const KUTAISI: Place = ("Kutaisi", "Georgia", "GEL");
const TELAVI: Place = ("Telavi", "Georgia", "GEL");

const fn client(
    name: &'static str,
    (city, country, currency): Place,
    weight: usize,
    temper: Temper,
    from: usize,
    contact: (&'static str, &'static str),
) -> Client {
    Client { name, city, country, currency, weight, temper, from, contact }
}

/// The clients, in the order in which they came.
pub(super) const CLIENTS: &[Client] = &[
    client("Rustavi Steel Works", ("Rustavi", "Georgia", "GEL"), 9, Good, 0, ("Gocha Mikeladze", "Plant director")),
    client("თბილისის პურის ქარხანა", TBILISI, 5, Slow, 0, ("ნანა ლეკიშვილი", "ფინანსური დირექტორი")),
    client("Kazbegi Insurance", TBILISI, 8, Good, 0, ("Tea Ramishvili", "Head of IT")),
    client("Black Sea Terminal", BATUMI, 13, Costly, 0, ("Ramaz Diasamidze", "Chief executive")),
    client("Northlight Software GmbH", ("Berlin", "Germany", "EUR"), 8, Good, 0, ("Katrin Vogel", "Delivery lead")),
    client("მედიქალ ჰაუსი", TBILISI, 6, Good, 0, ("გიორგი წიკლაური", "აღმასრულებელი დირექტორი")),
    client(
        "Silk Road Logistics",
        ("Poti", "Georgia", "GEL"),
        6,
        Slow,
        0,
        ("Amiran Kvaratskhelia", "Operations manager"),
    ),
    client(
        "Bridgeport Analytics Inc.",
        ("Boston", "United States", "USD"),
        8,
        Good,
        0,
        ("Megan Foster", "VP Engineering"),
    ),
    client("ვერეს ბაღი", TBILISI, 3, Good, 0, ("ლელა ონიანი", "მარკეტინგის მენეჯერი")),
    client("Alaverdi Wine Estate", TELAVI, 4, Good, 0, ("Shota Burduli", "Owner")),
    client("Mtkvari Retail Group", TBILISI, 15, Costly, 0, ("Nato Gurgenidze", "Chief operating officer")),
    client("ქართული ჩაი", ("Ozurgeti", "Georgia", "GEL"), 2, Doubtful, 0, ("ზაზა თოიძე", "დირექტორი")),
    client(
        "Caspian Energy Trading",
        ("Baku", "Azerbaijan", "USD"),
        6,
        Slow,
        0,
        ("Elvin Mammadov", "Commercial director"),
    ),
    client("Gudauri Resorts", ("Gudauri", "Georgia", "GEL"), 4, Good, 0, ("Kristine Alavidze", "General manager")),
    client("Pine & Harbour Ltd", ("London", "United Kingdom", "USD"), 5, Good, 1, ("Hugh Ashdown", "Partner")),
    client("ბათუმი დეველოპმენტი", BATUMI, 4, Slow, 1, ("დათო შავაძე", "პროექტების ხელმძღვანელი")),
    client("Didube Motors", TBILISI, 3, Good, 2, ("Paata Kuchava", "Sales director")),
    client("Lisi Clinic", TBILISI, 5, Good, 3, ("Dr Manana Zhgenti", "Medical director")),
    client("იმერეთის ფერმა", KUTAISI, 2, Good, 3, ("მზია კუბლაშვილი", "ბუღალტერი")),
    client("Fjordline Shipping AS", ("Oslo", "Norway", "EUR"), 5, Good, 4, ("Ingrid Solberg", "Digital lead")),
    client("Samgori Textile", TBILISI, 6, Costly, 4, ("Marina Elbakidze", "Production director")),
    client("Green Valley Foods", ("Gori", "Georgia", "GEL"), 4, Good, 5, ("Ilia Natroshvili", "Chief executive")),
    client("კავკასიის ბანკთა კავშირი", TBILISI, 7, Good, 5, ("ეკატერინე ღუდუშაური", "პროექტის კოორდინატორი")),
    client(
        "Ararat Telecom",
        ("Yerevan", "Armenia", "USD"),
        5,
        Slow,
        6,
        ("Armen Petrosyan", "Chief technology officer"),
    ),
    client("Blue Door Hotels", TBILISI, 3, Good, 7, ("Chloe Martin", "Brand manager")),
    client("ლაგოდეხის თხილი", ("Lagodekhi", "Georgia", "GEL"), 4, Doubtful, 7, ("თამაზ ბეჟუაშვილი", "მფლობელი")),
    client("Helios Payments BV", ("Amsterdam", "Netherlands", "EUR"), 7, Good, 8, ("Joost van Dijk", "Product owner")),
    client("Tskaltubo Spa", ("Tskaltubo", "Georgia", "GEL"), 3, Good, 9, ("Nona Robakidze", "Director")),
    client("New Tiflis Media", TBILISI, 3, Slow, 9, ("Rati Amaghlobeli", "Editor in chief")),
    client("Kakheti Glass", ("Sagarejo", "Georgia", "GEL"), 3, Good, 10, ("Vazha Tetrashvili", "Plant manager")),
    client("Summit Robotics LLC", ("Denver", "United States", "USD"), 6, Good, 11, ("Aaron Blake", "Head of product")),
    client("თბილისის მეტროს სერვისი", TBILISI, 5, Slow, 11, ("ირინა ფირცხალავა", "შესყიდვების უფროსი")),
    client("Anatolia Ceramics", ("Izmir", "Türkiye", "EUR"), 8, Costly, 12, ("Selin Aydın", "Export manager")),
    client("Zugdidi Paper", ("Zugdidi", "Georgia", "GEL"), 2, Good, 12, ("Malkhaz Shonia", "Director")),
    client("Orbi Property Care", BATUMI, 3, Good, 13, ("Inga Putkaradze", "Operations manager")),
    client("სვანეთის თავგადასავალი", ("Mestia", "Georgia", "GEL"), 2, Good, 14, ("ბექა ნავერიანი", "დამფუძნებელი")),
    client("Lakeside Pharma AG", ("Zug", "Switzerland", "EUR"), 6, Good, 14, ("Dr Reto Baumann", "Programme director")),
    client("Mziuri Kids", TBILISI, 2, Good, 15, ("Tatia Khutsishvili", "Founder")),
    client(
        "Port of Anaklia Services",
        ("Anaklia", "Georgia", "GEL"),
        6,
        Doubtful,
        16,
        ("Gela Kardava", "Finance director"),
    ),
    client("Quarry Lane Capital", ("Dublin", "Ireland", "EUR"), 4, Good, 17, ("Siobhán Kelly", "Investment manager")),
    client("რაჭის ლორი", ("Ambrolauri", "Georgia", "GEL"), 2, Good, 18, ("მერაბ გობეჯიშვილი", "დირექტორი")),
    client("Vera Bookshops", TBILISI, 2, Good, 19, ("Dea Amirejibi", "Owner")),
    client("Steppe Mobile LLP", ("Almaty", "Kazakhstan", "USD"), 5, Good, 20, ("Aigerim Satpayeva", "Head of digital")),
    client("Marani Export", TELAVI, 3, Good, 21, ("Lado Uzunashvili", "Export manager")),
];

/// Suppliers: name, city, country, and what they sell.
pub(super) const SUPPLIERS: &[(&str, &str, &str, &str)] = &[
    ("Vake Business Park", "Tbilisi", "Georgia", "Offices"),
    ("Batumi Port House", "Batumi", "Georgia", "Offices"),
    ("თელას ელექტრო", "Tbilisi", "Georgia", "Electricity"),
    ("Caucasus Fibre", "Tbilisi", "Georgia", "Internet"),
    ("Cirrus Cloud Inc.", "Seattle", "United States", "Cloud"),
    ("Workbench Software Ltd", "Dublin", "Ireland", "Software"),
    ("Pixelry Inc.", "San Francisco", "United States", "Software"),
    ("Golden Fleece Travel", "Tbilisi", "Georgia", "Travel"),
    ("რეკლამა პლუსი", "Tbilisi", "Georgia", "Advertising"),
    ("Searchlight Ads Ltd", "Dublin", "Ireland", "Advertising"),
    ("Mamuka Kalandadze (self-employed)", "Tbilisi", "Georgia", "Engineering"),
    ("Studio Rioni", "Kutaisi", "Georgia", "Design"),
    ("Notary and Law Office Pavliashvili", "Tbilisi", "Georgia", "Law"),
    ("Office Depo Tbilisi", "Tbilisi", "Georgia", "Office supplies"),
    ("Hydra Computers", "Tbilisi", "Georgia", "Computers"),
    ("Kolkha Catering", "Tbilisi", "Georgia", "Catering"),
];

/// Who might become a client: the person, the company, where the lead came from.
pub(super) const LEADS: &[(&str, &str, &str)] = &[
    ("Revaz Inasaridze", "Sioni Stone", "Web site"),
    ("ნათია ცომაია", "კოლხა კვება", "Referral"),
    ("Patrick Nolan", "Nolan Freight", "LinkedIn"),
    ("გიორგი ჭანტურია", "ზღვის ვარსკვლავი", "Fair in Batumi"),
    ("Laura Steiner", "Alpen Data GmbH", "LinkedIn"),
    ("Tengiz Mamaladze", "Guria Nuts", "Web site"),
    ("Nino Javakhishvili", "Bagineti Homes", "Referral"),
    ("ლევან ქავთარაძე", "თრიალეთის ქვა", "Web site"),
    ("Marcus Lindqvist", "Lindqvist Bygg AB", "Conference in Vilnius"),
    ("Eteri Kobalia", "Samegrelo Spices", "Referral"),
    ("Diana Petrova", "Varna Yachts", "Web site"),
    ("ზვიად ხარაზი", "აბაშის სიმინდი", "Fair in Tbilisi"),
    ("Goga Tevzadze", "Saburtalo Fitness", "Web site"),
    ("Hannah Price", "Price & Daughters", "LinkedIn"),
    ("სოფო ბაღათურია", "ქსოვილის სახლი", "Referral"),
    ("Murman Jinoria", "Kobuleti Beach Clubs", "Fair in Batumi"),
    ("Yusuf Demir", "Demir Kablo", "Web site"),
    ("ქეთი მაღლაფერიძე", "არგოს ფარმა", "Conference in Tbilisi"),
    ("Ekaterine Gabelia", "Nova Dental", "Web site"),
    ("Bruno Rossi", "Rossi Marmi", "LinkedIn"),
    ("ვახო ბერულავა", "ფოთის ნავმისადგომი", "Referral"),
    ("Irma Sadunishvili", "Borjomi Guest Houses", "Web site"),
    ("Tom Hargreaves", "Hargreaves Audit", "Referral"),
    ("მალხაზ ჯღარკავა", "ოდიშის თაფლი", "Web site"),
    ("Salome Nadiradze", "Fabrika Makers", "Conference in Tbilisi"),
    ("Anders Holm", "Holm Vind A/S", "LinkedIn"),
];
