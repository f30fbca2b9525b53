//! What kinds of file are taken, told by their first bytes: what a client says of them proves nothing.

/// A kind of file that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// A photograph.
    Jpeg,
    /// A picture.
    Png,
    /// A picture.
    Webp,
    /// A photograph of a telephone.
    Heic,
    /// A document.
    Pdf,
}

impl Media {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Jpeg, Self::Png, Self::Webp, Self::Heic, Self::Pdf];

    /// What some bytes are.
    #[must_use]
    pub fn of(content: &[u8]) -> Option<Self> {
        match content {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => {
                const BRANDS: [&[u8]; 8] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];
                BRANDS.iter().any(|known| brand.starts_with(known)).then_some(Self::Heic)
            }
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            _ => None,
        }
    }

    /// The kind with a name, as it's stored and told in HTTP.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media| media.name() == name)
    }

    /// Its name in HTTP, by which it's stored as well.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Heic => "image/heic",
            Self::Pdf => "application/pdf",
        }
    }

    /// Whether browsers show it as a picture, which runs no code.
    #[must_use]
    pub const fn is_shown(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Webp)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn first_bytes_tell_what_a_file_is() {
        assert_eq!(Media::of(b"\xff\xd8\xff\xe0\0\x10JFIF"), Some(Media::Jpeg));
        assert_eq!(Media::of(b"\x89PNG\r\n\x1a\n\0\0"), Some(Media::Png));
        assert_eq!(Media::of(b"RIFF\x10\0\0\0WEBPVP8 "), Some(Media::Webp));
        assert_eq!(Media::of(b"\0\0\0\x18ftypheic\0\0"), Some(Media::Heic));
        assert_eq!(Media::of(b"%PDF-1.7\n"), Some(Media::Pdf));
    }

    #[test]
    fn what_could_run_or_is_cut_short_is_nothing() {
        for content in [
            b"<svg xmlns='http://www.w3.org/2000/svg'>".as_slice(),
            b"<html><script>",
            b"GIF89a",
            b"MZ\x90",
            b"\0\0\0\x18ftypisom",
            b"\xff\xd8",
            b" %PDF-1.7",
            b"RIFF\x10\0\0\0WAVE",
            b"",
        ] {
            assert_eq!(Media::of(content), None, "{content:?}");
        }
    }

    #[test]
    fn names_lead_back() {
        for media in Media::ALL {
            assert_eq!(Media::named(media.name()), Some(media));
        }
        assert_eq!(Media::named("text/html"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_looked_at_without_harm(content in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = Media::of(&content);
        }
    }
}
