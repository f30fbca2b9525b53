//! Setting: a template, its data and the fonts in, a PDF out.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use typst::{
    Library, LibraryExt, World, comemo,
    diag::{FileError, FileResult, SourceDiagnostic, Warned},
    ecow::EcoVec,
    foundations::{Bytes, Datetime, Duration, Smart},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp};

use crate::{Logo, sheet::Sheet};

/// A template that can't be set.
#[derive(Debug, thiserror::Error)]
#[error("a document can't be set: {0}")]
pub struct SetError(String);

/// What is the same for all documents.
struct Shop {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Source,
    data: FileId,
    logos: [(FileId, &'static str); 2],
}

static SHOP: LazyLock<Option<Shop>> = LazyLock::new(|| {
    let fonts: Vec<Font> = [
        include_bytes!("../fonts/NotoSans-Regular.ttf").as_slice(),
        include_bytes!("../fonts/NotoSans-Bold.ttf"),
        include_bytes!("../fonts/NotoSansGeorgian-Regular.ttf"),
        include_bytes!("../fonts/NotoSansGeorgian-Bold.ttf"),
    ]
    .into_iter()
    .flat_map(|font| Font::iter(Bytes::new(font)))
    .collect();
    Some(Shop {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        template: Source::new(id("main.typ")?, include_str!("template.typ").to_owned()),
        data: id("data.json")?,
        logos: [(id("logo.png")?, "png"), (id("logo.jpg")?, "jpg")],
    })
});

fn id(name: &str) -> Option<FileId> {
    Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(name).ok()?).intern())
}

/// All that a template can reach: itself, its data, and one picture.
struct Desk<'a> {
    shop: &'static Shop,
    data: Bytes,
    logo: Option<&'a Logo>,
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.shop.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shop.book
    }

    fn main(&self) -> FileId {
        self.shop.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main() { Ok(self.shop.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.shop.data {
            return Ok(self.data.clone());
        }
        let format = self.shop.logos.iter().find(|(logo, _)| *logo == id).map(|(_, format)| *format);
        let logo = self.logo.filter(|logo| Some(logo.format) == format);
        logo.map(|logo| logo.bytes.clone()).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shop.fonts.get(index).cloned()
    }

    /// Documents say their own date: what day it is changes none.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Sets a sheet. It takes from some milliseconds to seconds: not for a thread that serves others.
pub(crate) fn pdf(sheet: &Sheet, logo: Option<&Logo>, date: NaiveDate) -> Result<Vec<u8>, SetError> {
    let shop = SHOP.as_ref().ok_or_else(|| SetError("there are no templates".into()))?;
    let content = serde_json::to_vec(sheet).map_err(|error| SetError(error.to_string()))?;
    let desk = Desk { shop, data: Bytes::new(content), logo };
    let Warned { output, .. } = typst::compile::<PagedDocument>(&desk);
    let bytes = output.and_then(|document| typst_pdf::pdf(&document, &options(date)));
    // What was remembered of this document serves no other.
    comemo::evict(0);
    bytes.map_err(|errors| told(&errors))
}

fn options(date: NaiveDate) -> PdfOptions {
    let [month, day] = [date.month(), date.day()].map(|part| u8::try_from(part).unwrap_or(1));
    let at = Datetime::from_ymd_hms(date.year(), month, day, 0, 0, 0);
    PdfOptions {
        creator: Smart::Custom(Some("Kamara".into())),
        timestamp: at.map(Timestamp::new_utc),
        ..PdfOptions::default()
    }
}

fn told(errors: &EcoVec<SourceDiagnostic>) -> SetError {
    SetError(errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; "))
}
