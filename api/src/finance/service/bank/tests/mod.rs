//! Files of banks as they come, whole and broken; proposals.

mod camt;
mod csv_file;
mod proposal;
