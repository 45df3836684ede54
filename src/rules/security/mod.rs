pub(crate) mod env_secret_suspect;
pub(crate) mod cmd_secret;
pub(crate) mod volume_dangerous;
pub(crate) mod cap_dangerous;
pub(crate) mod dependencies_reference_missing;
pub(crate) mod dependencies_unused;
pub(crate) mod dependencies_without_security;
pub(crate) mod security_block_no_dependencies;
