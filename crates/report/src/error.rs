//! Why a report cannot be written.

use theoria_verification::evidence::store::StoreError;

/// Why a report could not be written; each message names cause and cure.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A file could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A theorem's id would lead out of the folder.
    #[error(
        "evidence for {id:?} cannot be drawn: an id is chapter/name in lower case letters, digits \
         and underscores"
    )]
    Id {
        /// The id.
        id: String,
    },
    /// Two pieces of evidence have one id, so that one page would replace the other.
    #[error("there are two pieces of evidence for {id}: merge them, or rename one of the theorems")]
    SameId {
        /// The id.
        id: String,
    },
    /// A figure could not be drawn.
    #[error("the figure {name} of {id} cannot be drawn: {reason}")]
    Figure {
        /// Id of the theorem.
        id: String,
        /// Name of the figure.
        name: String,
        /// Why.
        reason: String,
    },
    /// There is nothing to draw.
    #[error("there is no evidence to draw; run `check` first")]
    Nothing,
}
