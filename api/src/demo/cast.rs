//! Who is in the story: the people of Arch Consulting. All of them are made up.

/// A department: name, code, and who leads it, as a place in [`PEOPLE`].
pub(super) const DEPARTMENTS: &[(&str, &str, usize)] = &[
    ("Management", "MGT", 0),
    ("Strategy", "STR", 1),
    ("Engineering", "ENG", 2),
    ("Design", "DES", 3),
    ("Sales and marketing", "SAL", 4),
    ("Finance and office", "FIN", 5),
];

/// The cost centre that the two offices are parts of.
pub(super) const OFFICES: (&str, &str) = ("Offices", "OFFICE");

/// Where costs arise: name and code. The offices come first.
pub(super) const COST_CENTRES: &[(&str, &str)] = &[
    ("Office Vake", "VAKE"),
    ("Office Batumi", "BATUMI"),
    ("Software and cloud", "CLOUD"),
    ("Marketing", "MKT"),
    ("Travel", "TRV"),
    ("Training and recruiting", "HR"),
];

/// What is sold: name, code, unit, list price in lari.
pub(super) const SERVICES: &[(&str, &str, &str, i64)] = &[
    ("Strategy advice", "STR-P", "hour", 236),
    ("Management consulting", "MC-S", "hour", 160),
    ("Business analysis", "BA-M", "hour", 108),
    ("Senior engineering", "ENG-S", "hour", 154),
    ("Software engineering", "ENG-M", "hour", 104),
    ("Data and analytics", "DATA", "hour", 132),
    ("UX and product design", "UX", "hour", 99),
    ("Testing and support", "QA", "hour", 70),
    ("Support retainer", "RET", "month", 2_200),
];

/// The retainer's place in [`SERVICES`].
pub(super) const RETAINER: usize = 8;

/// Somebody who works at Arch Consulting.
#[derive(Debug)]
pub(super) struct Person {
    /// Name.
    pub(super) name: &'static str,
    /// Position.
    pub(super) title: &'static str,
    /// Place in [`DEPARTMENTS`].
    pub(super) department: usize,
    /// Place of the manager, if any.
    pub(super) manager: Option<usize>,
    /// What an hour costs at first, in lari.
    pub(super) rate: i64,
    /// What is sold of their time, as a place in [`SERVICES`].
    pub(super) sells: Option<usize>,
    /// Months from the start of the story until the first day at work; negative for those who were there.
    pub(super) hired: i64,
}

const fn person(
    name: &'static str,
    title: &'static str,
    (department, manager): (usize, usize),
    rate: i64,
    sells: Option<usize>,
    hired: i64,
) -> Person {
    let manager = if department == 0 && manager == 0 { None } else { Some(manager) };
    Person { name, title, department, manager, rate, sells, hired }
}

/// The people: 22 at the start, 40 at the end.
pub(super) const PEOPLE: &[Person] = &[
    person("Nino Kapanadze", "Managing director", (0, 0), 70, None, -61),
    person("Levan Beridze", "Partner, strategy", (1, 0), 66, Some(0), -60),
    person("Tamar Gelashvili", "Head of engineering", (2, 0), 60, Some(3), -52),
    person("Ana Tsereteli", "Head of design", (3, 0), 48, Some(6), -40),
    person("Giorgi Maisuradze", "Head of sales", (4, 0), 46, None, -44),
    person("Maia Kobakhidze", "Finance manager", (5, 0), 40, None, -48),
    person("Davit Lomidze", "Senior consultant", (1, 1), 46, Some(1), -38),
    person("Salome Chikovani", "Senior consultant", (1, 1), 44, Some(1), -30),
    person("Irakli Nozadze", "Business analyst", (1, 6), 28, Some(2), -20),
    person("Ketevan Japaridze", "Business analyst", (1, 6), 27, Some(2), -14),
    person("Nika Gvenetadze", "Senior engineer", (2, 2), 47, Some(3), -36),
    person("Sandro Kvirikashvili", "Senior engineer", (2, 2), 45, Some(3), -28),
    person("Mariam Abashidze", "Engineer", (2, 10), 30, Some(4), -22),
    person("Luka Dolidze", "Engineer", (2, 10), 29, Some(4), -17),
    person("Elene Mchedlishvili", "Data scientist", (2, 2), 38, Some(5), -15),
    person("Zurab Kiknadze", "Test engineer", (2, 11), 20, Some(7), -12),
    person("Natia Sulakvelidze", "Product designer", (3, 3), 29, Some(6), -19),
    person("Oliver Bennett", "Project manager", (1, 1), 42, Some(1), -11),
    person("Lika Gogoladze", "Account manager", (4, 4), 26, None, -16),
    person("Teona Shengelia", "Accountant", (5, 5), 22, None, -25),
    person("Rusudan Chkheidze", "HR manager", (5, 5), 27, None, -21),
    person("Gvantsa Todua", "Office manager", (5, 5), 16, None, -33),
    person("Beka Jorjadze", "Engineer", (2, 10), 28, Some(4), 1),
    person("Khatia Basilia", "Business analyst", (1, 7), 26, Some(2), 2),
    person("Saba Metreveli", "Engineer", (2, 11), 27, Some(4), 3),
    person("Emily Carter", "Senior consultant", (1, 1), 48, Some(1), 5),
    person("Tornike Gabunia", "Data engineer", (2, 14), 34, Some(5), 6),
    person("Nutsa Kereselidze", "Product designer", (3, 3), 25, Some(6), 7),
    person("Mikheil Tabatadze", "Test engineer", (2, 11), 19, Some(7), 9),
    person("Sopio Gogua", "Marketing specialist", (4, 4), 21, None, 10),
    person("Archil Lordkipanidze", "Senior engineer", (2, 2), 46, Some(3), 11),
    person("Daniel Weber", "Engineer", (2, 10), 33, Some(4), 12),
    person("Anano Iosava", "Business analyst", (1, 6), 25, Some(2), 13),
    person("Vakhtang Jishkariani", "Engineer", (2, 30), 28, Some(4), 14),
    person("Barbare Kiria", "UX researcher", (3, 3), 26, Some(6), 15),
    person("Otar Pirveli", "Engineer", (2, 30), 26, Some(4), 17),
    person("Mate Chanturia", "Data analyst", (2, 14), 27, Some(5), 18),
    person("Eka Zarandia", "Account manager", (4, 4), 25, None, 19),
    person("Lasha Tskhadadze", "Junior engineer", (2, 12), 18, Some(4), 20),
    person("Sofia Marchetti", "Junior consultant", (1, 7), 20, Some(2), 22),
];

/// Those who can log in beside the one who signed up: place in [`PEOPLE`], and what they may do.
pub(super) const MEMBERS: &[(usize, kamara_entities::Role)] = &[
    // What one owner asks for, another approves.
    (1, kamara_entities::Role::Owner),
    (4, kamara_entities::Role::Sales),
    (18, kamara_entities::Role::Sales),
    (5, kamara_entities::Role::Finance),
    (17, kamara_entities::Role::ProjectManager),
    (20, kamara_entities::Role::Hr),
    (12, kamara_entities::Role::Employee),
];

/// Those who sell, as places in [`PEOPLE`].
pub(super) const SELLERS: &[usize] = &[4, 18, 0];

/// What projects are about, by the department that leads them.
pub(super) const TOPICS: &[(usize, &[&str])] = &[
    (
        1,
        &[
            "Market entry study",
            "Pricing review",
            "Process redesign",
            "Branch network review",
            "Operating model",
            "Due diligence",
            "Budgeting and reporting",
            "Supply chain review",
            "Five-year strategy",
            "Organisation review",
        ],
    ),
    (
        2,
        &[
            "Customer portal",
            "ERP roll-out",
            "Data warehouse",
            "Mobile app",
            "Payment integration",
            "Warehouse system",
            "Forecasting model",
            "Booking platform",
            "Cloud migration",
            "Loyalty programme",
            "Reporting platform",
        ],
    ),
    (3, &["Website relaunch", "Design system", "Service design", "Customer research", "Brand and packaging"]),
];

/// Why deals are lost.
pub(super) const LOSS_REASONS: &[&str] = &[
    "Price: a competitor was a quarter cheaper",
    "Put off until next year's budget",
    "Chose a larger firm",
    "Will do it with their own people",
    "No answer after the offer",
    "Our team was free too late",
    "The tender was cancelled",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_people_who_report_to_somebody_hired_before_them() {
        assert_eq!(PEOPLE.len(), 40);
        assert_eq!(PEOPLE.iter().filter(|person| person.hired < 0).count(), 22);
        for person in PEOPLE.iter().skip(1) {
            let manager = person.manager.map(|place| &PEOPLE[place]).unwrap();
            assert!(manager.hired < person.hired || person.hired < 0, "{}", person.name);
        }
        assert!(PEOPLE.windows(2).all(|pair| pair[0].hired <= pair[1].hired || pair[1].hired < 0));
    }
}
