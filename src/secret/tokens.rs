//! Values that are secrets whatever they are called: they begin in a way that nothing else does.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::patterns::{self, Pattern};

/// A form of token.
pub(super) struct Token {
    /// What it begins with.
    pub(super) start: &'static str,
    /// What follows, as a pattern.
    pub(super) rest: Pattern,
    /// Whether the start is no secret itself, and stays to be seen.
    keeps_start: bool,
    /// What may follow, invented.
    pub(super) example: &'static str,
    /// Who knows of it: a rule of gitleaks, a plugin of detect-secrets, or the maker's documentation.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the reader"))]
    source: &'static str,
}

const fn token(
    start: &'static str,
    rest: &'static str,
    example: &'static str,
    source: &'static str,
) -> Token {
    Token { start, rest: Pattern::anchored(rest), keeps_start: false, example, source }
}

/// The same, of which the start says only what it is.
const fn named(
    start: &'static str,
    rest: &'static str,
    example: &'static str,
    source: &'static str,
) -> Token {
    Token { start, rest: Pattern::anchored(rest), keeps_start: true, example, source }
}

/// Capitals and digits, of base 32 and otherwise.
const UPPER: &str = r"[0-9A-Z]{16}(?-u:\b)";
/// Letters and digits, so many that no word has as many.
const WORD20: &str = "[0-9A-Za-z]{20,}";
const WORD30: &str = "[0-9A-Za-z]{30,}";
const URL20: &str = "[0-9A-Za-z_-]{20,}";
const URL30: &str = "[0-9A-Za-z_-]{30,}";
const HEX32: &str = "[0-9a-fA-F]{32,}";

/// Every form. Start and example stand apart, so that nobody takes this file for a leak.
pub(super) static TOKENS: [Token; 152] = [
    token("AKIA", UPPER, "ABCDEFGHIJKLMNOP", "gitleaks aws-access-token"),
    token("ASIA", UPPER, "ABCDEFGHIJKLMNOP", "gitleaks aws-access-token"),
    token("ABIA", UPPER, "ABCDEFGHIJKLMNOP", "gitleaks aws-access-token"),
    token("ACCA", UPPER, "ABCDEFGHIJKLMNOP", "gitleaks aws-access-token"),
    token(
        "ABSK",
        "[0-9A-Za-z+/]{60,}={0,2}",
        "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
        "gitleaks aws-amazon-bedrock-api-key-long-lived",
    ),
    token(
        "eyJ",
        r"[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}(?:\.[0-9A-Za-z_-]*)*",
        "hbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NSJ9.c2ln",
        "gitleaks jwt",
    ),
    token("ghp_", WORD30, "0123456789abcdefghijABCDEFGHIJ012345", "gitleaks github-pat"),
    token("gho_", WORD30, "0123456789abcdefghijABCDEFGHIJ012345", "gitleaks github-oauth"),
    token("ghu_", WORD30, "0123456789abcdefghijABCDEFGHIJ012345", "gitleaks github-app-token"),
    token("ghs_", WORD30, "0123456789abcdefghijABCDEFGHIJ012345", "gitleaks github-app-token"),
    token("ghr_", WORD30, "0123456789abcdefghijABCDEFGHIJ012345", "gitleaks github-refresh-token"),
    token(
        "github_pat_",
        "[0-9A-Za-z_]{20,}",
        "11ABCDEFG0123456789abc_defghijklmnopqrstuvwxyz",
        "gitleaks github-fine-grained-pat",
    ),
    token("glpat-", URL20, "abcdefghij0123456789", "gitleaks gitlab-pat"),
    token("gldt-", URL20, "abcdefghij0123456789", "gitleaks gitlab-deploy-token"),
    token(
        "glrt-",
        r"[0-9A-Za-z_.-]{20,}",
        "abcdefghij0123456789",
        "gitleaks gitlab-runner-authentication-token",
    ),
    token("glcbt-", URL20, "1_abcdefghij0123456789", "gitleaks gitlab-cicd-job-token"),
    token("glptt-", HEX32, "0123456789abcdef0123456789abcdef01234567", "gitleaks gitlab-ptt"),
    token("glft-", URL20, "abcdefghij0123456789", "gitleaks gitlab-feed-token"),
    token("glimt-", URL20, "abcdefghij0123456789abcde", "gitleaks gitlab-incoming-mail-token"),
    token(
        "glagent-",
        URL30,
        "abcdefghij0123456789abcdefghij0123456789abcdefghij",
        "gitleaks gitlab-kubernetes-agent-token",
    ),
    token(
        "gloas-",
        URL30,
        "abcdefghij0123456789abcdefghij0123456789abcdefghij",
        "gitleaks gitlab-oauth-app-secret",
    ),
    token("glsoat-", URL20, "abcdefghij0123456789", "gitleaks gitlab-scim-token"),
    token("glffct-", URL20, "abcdefghij0123456789", "gitleaks gitlab-feature-flag-client-token"),
    token("GR1348941", URL20, "abcdefghij0123456789", "gitleaks gitlab-rrt"),
    token("xoxa-", r"[0-9A-Za-z-]{8,}", "2-123456789012-abcdef", "gitleaks slack-legacy-workspace-token"),
    token(
        "xoxb-",
        r"[0-9A-Za-z-]{8,}",
        "123456789012-1234567890123-abcdefABCDEF",
        "gitleaks slack-bot-token",
    ),
    token("xoxe-", r"[0-9A-Za-z-]{8,}", "1-ABCDEFGHIJKLMNOP", "gitleaks slack-config-refresh-token"),
    token("xoxe.xox", r"[bp]-[0-9A-Za-z-]{8,}", "p-1-ABCDEFGHIJKLMNOP", "gitleaks slack-config-access-token"),
    token("xoxo-", r"[0-9A-Za-z-]{8,}", "123456789012-123456789012-abcdef", "gitleaks slack-legacy-token"),
    token("xoxp-", r"[0-9A-Za-z-]{8,}", "123456789012-123456789012-abcdef", "gitleaks slack-user-token"),
    token("xoxr-", r"[0-9A-Za-z-]{8,}", "123456789012-abcdef", "gitleaks slack-legacy-workspace-token"),
    token("xoxs-", r"[0-9A-Za-z-]{8,}", "123456789012-123456789012-abcdef", "gitleaks slack-legacy-token"),
    token(
        "xapp-",
        "[0-9]-[0-9A-Za-z-]{10,}",
        "1-A0123456789-1234567890123-abcdef",
        "gitleaks slack-app-token",
    ),
    named(
        "hooks.slack.com/services/",
        r"[0-9A-Za-z+/_-]{8,}",
        "T01234567/B01234567/abcdefghijklmnopqrstuvwx",
        "gitleaks slack-webhook-url",
    ),
    named(
        "hooks.slack.com/workflows/",
        r"[0-9A-Za-z+/_-]{8,}",
        "T01234567/A01234567/123456789012345678/abcdefghijklmnopqrstuvwx",
        "gitleaks slack-webhook-url",
    ),
    named(
        "hooks.slack.com/triggers/",
        r"[0-9A-Za-z+/_-]{8,}",
        "T01234567/123456789012/abcdefghijklmnopqrstuvwx",
        "gitleaks slack-webhook-url",
    ),
    named(
        "discord.com/api/webhooks/",
        r"[0-9A-Za-z/_-]{8,}",
        "123456789012345678/abcdefghijklmnopqrstuvwx",
        "Discord's documentation of webhooks",
    ),
    named(
        "discordapp.com/api/webhooks/",
        r"[0-9A-Za-z/_-]{8,}",
        "123456789012345678/abcdefghijklmnopqrstuvwx",
        "Discord's documentation of webhooks",
    ),
    named(
        ".webhook.office.com/webhookb2/",
        r"[0-9A-Za-z/@_-]{8,}",
        "01234567-89ab-cdef-0123-456789abcdef@01234567/IncomingWebhook/0123456789abcdef",
        "gitleaks microsoft-teams-webhook",
    ),
    named(
        "api.telegram.org/bot",
        r"[0-9]{6,}:[0-9A-Za-z_-]{20,}",
        "123456789:abcdefghijklmnopqrstuvwxyzABCDEFGHI",
        "detect-secrets telegram_token",
    ),
    token("sk_live_", "[0-9A-Za-z]{10,}", "abcdefghij0123456789abcd", "gitleaks stripe-access-token"),
    token("sk_test_", "[0-9A-Za-z]{10,}", "abcdefghij0123456789abcd", "gitleaks stripe-access-token"),
    token("sk_prod_", "[0-9A-Za-z]{10,}", "abcdefghij0123456789abcd", "gitleaks stripe-access-token"),
    token("rk_live_", "[0-9A-Za-z]{10,}", "abcdefghij0123456789abcd", "gitleaks stripe-access-token"),
    token("rk_test_", "[0-9A-Za-z]{10,}", "abcdefghij0123456789abcd", "gitleaks stripe-access-token"),
    token("rk_prod_", "[0-9A-Za-z]{10,}", "abcdefghij0123456789abcd", "gitleaks stripe-access-token"),
    token(
        "whsec_",
        "[0-9A-Za-z+/]{20,}={0,2}",
        "abcdefghij0123456789abcdefghij01",
        "Stripe's documentation of webhooks",
    ),
    token("AIza", "[0-9A-Za-z_-]{30,}", "SyA0123456789abcdefghijklmnopqrstuv", "gitleaks gcp-api-key"),
    token("GOCSPX-", URL20, "abcdefghij0123456789abcdefgh", "Google's documentation of OAuth clients"),
    token("ya29.", URL30, "a0AfH6SMabcdefghij0123456789abcdefghij", "Google's documentation of OAuth tokens"),
    named(
        "AccountKey=",
        "[0-9A-Za-z+/]{20,}={0,2}",
        "abcdefghij0123456789ABCDEFGHIJ0123456789abcdefghij0123456789ABCDEFGHIJ0123456789abcdef==",
        "detect-secrets azure_storage_key",
    ),
    named(
        "SharedAccessKey=",
        "[0-9A-Za-z+/]{20,}={0,2}",
        "abcdefghij0123456789ABCDEFGHIJ0123456789abc=",
        "Azure's documentation of connection strings",
    ),
    named(
        "SharedAccessSignature=",
        "[0-9A-Za-z%&=._~-]{10,}",
        "sr=x&sig=abcdefghij0123456789",
        "Azure's documentation of connection strings",
    ),
    token("npm_", WORD30, "0123456789abcdefghijABCDEFGHIJ012345", "gitleaks npm-access-token"),
    token(
        "pypi-AgE",
        r"[0-9A-Za-z_-]{30,}",
        "IcHlwaS5vcmcCJGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6",
        "gitleaks pypi-upload-token",
    ),
    token(
        "rubygems_",
        HEX32,
        "0123456789abcdef0123456789abcdef0123456789abcdef",
        "gitleaks rubygems-api-token",
    ),
    token(
        "CLOJARS_",
        WORD30,
        "0123456789abcdefghij0123456789abcdefghij0123456789abcdefghij",
        "gitleaks clojars-api-token",
    ),
    token(
        "SG.",
        r"[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}",
        "abcdefghij0123456789ab.abcdefghij0123456789abcdefghij0123456789abc",
        "gitleaks sendgrid-api-token",
    ),
    token(
        "xkeysib-",
        r"[0-9a-f]{32,}(?:-[0-9A-Za-z]+)?",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef-abcdefghij012345",
        "gitleaks sendinblue-api-token",
    ),
    token("SK", r"[0-9a-f]{32}(?-u:\b)", "0123456789abcdef0123456789abcdef", "gitleaks twilio-api-key"),
    token("hf_", "[A-Za-z]{30,}", "abcdefghijklmnopqrstuvwxyzabcdefgh", "gitleaks huggingface-access-token"),
    token("sk-ant-", URL20, "api03-abcdefghij0123456789abcdefghij", "gitleaks anthropic-api-key"),
    token("sk-proj-", URL20, "abcdefghij0123456789abcdefghij", "gitleaks openai-api-key"),
    token("sk-svcacct-", URL20, "abcdefghij0123456789abcdefghij", "gitleaks openai-api-key"),
    token("sk-admin-", URL20, "abcdefghij0123456789abcdefghij", "gitleaks openai-api-key"),
    token(
        "sk-",
        "[0-9A-Za-z]{20}T3BlbkFJ[0-9A-Za-z]{20}",
        "abcdefghij0123456789T3BlbkFJabcdefghij0123456789",
        "gitleaks openai-api-key",
    ),
    token("pplx-", WORD30, "0123456789abcdefghijABCDEFGHIJ0123456789abcdefgh", "gitleaks perplexity-api-key"),
    token("hvs.", URL20, "abcdefghij0123456789abcdefghij", "gitleaks vault-service-token"),
    token("hvb.", URL20, "abcdefghij0123456789abcdefghij", "gitleaks vault-batch-token"),
    token("hvr.", URL20, "abcdefghij0123456789abcdefghij", "Vault's documentation of tokens"),
    token(
        "dop_v1_",
        HEX32,
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "gitleaks digitalocean-pat",
    ),
    token(
        "doo_v1_",
        HEX32,
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "gitleaks digitalocean-access-token",
    ),
    token(
        "dor_v1_",
        HEX32,
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "gitleaks digitalocean-refresh-token",
    ),
    token(
        "dapi",
        r"[0-9a-f]{32}(?-u:\b)",
        "0123456789abcdef0123456789abcdef",
        "gitleaks databricks-api-token",
    ),
    token(
        "dt0c01.",
        r"[0-9A-Z]{24}\.[0-9A-Z]{40,}",
        "ABCDEFGHIJKLMNOPQRSTUVWX.ABCDEFGHIJKLMNOPQRSTUVWXYZ012345ABCDEFGHIJKLMNOPQRSTUVWXYZ012345",
        "gitleaks dynatrace-api-token",
    ),
    token("shpat_", HEX32, "0123456789abcdef0123456789abcdef", "gitleaks shopify-access-token"),
    token("shpca_", HEX32, "0123456789abcdef0123456789abcdef", "gitleaks shopify-custom-access-token"),
    token("shppa_", HEX32, "0123456789abcdef0123456789abcdef", "gitleaks shopify-private-app-access-token"),
    token("shpss_", HEX32, "0123456789abcdef0123456789abcdef", "gitleaks shopify-shared-secret"),
    token("sq0atp-", URL20, "abcdefghij0123456789ab", "gitleaks square-access-token"),
    token("sq0csp-", URL20, "abcdefghij0123456789abcdefghij0123456789abc", "detect-secrets square_oauth"),
    token(
        "AKCp",
        WORD30,
        "0123456789abcdefghijABCDEFGHIJ0123456789abcdefghijABCDEFGHIJ012345678",
        "gitleaks artifactory-api-key",
    ),
    token(
        "glsa_",
        "[0-9A-Za-z]{32}_[0-9A-Fa-f]{8}",
        "0123456789abcdefghijABCDEFGHIJ01_0123abcd",
        "gitleaks grafana-service-account-token",
    ),
    token(
        "glc_",
        "[0-9A-Za-z+/]{32,}={0,3}",
        "0123456789abcdefghijABCDEFGHIJ0123456789",
        "gitleaks grafana-cloud-api-token",
    ),
    token(
        "sntrys_",
        r"[0-9A-Za-z+/=_-]{30,}",
        "eyJpYXQiOjE2ODczMzY1NDMuNjk4NTl9_abcdefghij0123456789",
        "gitleaks sentry-org-token",
    ),
    token(
        "sntryu_",
        HEX32,
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "gitleaks sentry-user-token",
    ),
    token("NRAK-", "[0-9A-Z]{20,}", "ABCDEFGHIJKLMNOPQRSTUVWXYZA", "gitleaks new-relic-user-api-key"),
    token("NRII-", URL20, "abcdefghij0123456789abcdefghij01", "gitleaks new-relic-insert-key"),
    token("lin_api_", WORD30, "0123456789abcdefghij0123456789abcdefghij", "gitleaks linear-api-key"),
    token(
        "ATATT3",
        r"[0-9A-Za-z_=-]{30,}",
        "xFfGF0abcdefghij0123456789abcdefghij0123456789",
        "gitleaks atlassian-api-token",
    ),
    token(
        "PMAK-",
        "[0-9a-f]{20,}-[0-9a-f]{20,}",
        "0123456789abcdef01234567-0123456789abcdef0123456789abcdef01",
        "gitleaks postman-api-token",
    ),
    token("pul-", HEX32, "0123456789abcdef0123456789abcdef01234567", "gitleaks pulumi-api-token"),
    token("tfp_", WORD30, "0123456789abcdefghijABCDEFGHIJ0123456789", "gitleaks typeform-api-token"),
    token(
        "pscale_tkn_",
        "[0-9A-Za-z_=.-]{20,}",
        "abcdefghij0123456789abcdefghij0123",
        "gitleaks planetscale-api-token",
    ),
    token(
        "pscale_pw_",
        "[0-9A-Za-z_=.-]{20,}",
        "abcdefghij0123456789abcdefghij0123",
        "gitleaks planetscale-password",
    ),
    token(
        "HRKU-AA",
        URL30,
        "abcdefghij0123456789abcdefghij0123456789abcdefghij01234567",
        "gitleaks heroku-api-key-v2",
    ),
    token("fo1_", URL30, "abcdefghij0123456789abcdefghij0123456789abc", "gitleaks flyio-access-token"),
    token("ntn_", WORD30, "12345678901abcdefghij0123456789ABCDEFGHIJ012345", "gitleaks notion-api-token"),
    token(
        "sgp_",
        "(?:[0-9a-fA-F]{16}_|local_)?[0-9a-fA-F]{40}",
        "0123456789abcdef0123456789abcdef01234567",
        "gitleaks sourcegraph-access-token",
    ),
    token("dckr_pat_", URL20, "abcdefghij0123456789abcdefg", "Docker's documentation of access tokens"),
    token("LTAI", WORD20, "abcdefghij0123456789", "gitleaks alibaba-access-key-id"),
    token(
        "A3-",
        "[0-9A-Z]{6}-[0-9A-Z]{6,11}-(?:[0-9A-Z]{5}-?){3,4}",
        "ABCDEF-GHIJKL-MNOPQ-RSTUV-WXYZA-BCDEF",
        "gitleaks 1password-secret-key",
    ),
    token(
        "ops_eyJ",
        "[0-9A-Za-z+/]{60,}={0,3}",
        "abcdefghij0123456789abcdefghij0123456789abcdefghij0123456789abcdefghij",
        "gitleaks 1password-service-account-token",
    ),
    token(
        "AGE-SECRET-KEY-1",
        "[0-9A-Z]{30,}",
        "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE",
        "gitleaks age-secret-key",
    ),
    token(
        "sha256~",
        "[0-9A-Za-z_-]{43}",
        "abcdefghij0123456789abcdefghij0123456789abc",
        "gitleaks openshift-user-token",
    ),
    token(
        "-----BEGIN",
        "[ 0-9A-Z_-]{0,40}PRIVATE KEY(?: BLOCK)?-----",
        " RSA PRIVATE KEY-----",
        "gitleaks private-key",
    ),
    token("PuTTY-User-Key-File-", "[0-9]", "2", "detect-secrets private_key"),
    token(
        "LS0tLS1CRUdJTi",
        "[0-9A-Za-z+/_-]{10,}={0,2}",
        "BSU0EgUFJJVkFURSBLRVktLS0tLQphYmNkZWZn",
        "detect-secrets private_key, in base64",
    ),
    token(
        "1//0",
        URL30,
        "gabcdefghij0123456789abcdefghij0123456789",
        "Google's documentation of OAuth tokens",
    ),
    token(
        "AC",
        r"[0-9a-f]{32}(?::[0-9a-f]{32})?(?-u:\b)",
        "0123456789abcdef0123456789abcdef:0123456789abcdef0123456789abcdef",
        "detect-secrets twilio",
    ),
    token(
        "ATCTT3",
        URL30,
        "xFfGN0abcdefghij0123456789abcdefghij0123456789",
        "Atlassian's documentation of tokens",
    ),
    token("ATBB", WORD20, "0123456789abcdefghijABCDEFGHIJ01", "Bitbucket's documentation of app passwords"),
    token("p8e-", "[0-9a-fA-F]{30,}", "0123456789abcdef0123456789abcdef", "gitleaks adobe-client-secret"),
    token("dp.pt.", WORD30, "0123456789abcdefghijABCDEFGHIJ0123456789abc", "gitleaks doppler-api-token"),
    token("duffel_live_", URL30, "abcdefghij0123456789abcdefghij0123456789abc", "gitleaks duffel-api-token"),
    token(
        "EZAK",
        WORD30,
        "0123456789abcdefghij0123456789abcdefghij0123456789abcd",
        "gitleaks easypost-api-token",
    ),
    token("FLWSECK-", URL20, "0123456789abcdef0123456789abcdef-X", "gitleaks flutterwave-secret-key"),
    token("FLWSECK_TEST-", URL20, "0123456789abcdef0123456789abcdef-X", "gitleaks flutterwave-secret-key"),
    token(
        "fio-u-",
        URL30,
        "abcdefghij0123456789abcdefghij0123456789abcdefghij",
        "gitleaks frameio-api-token",
    ),
    token("ico-", "[0-9A-Za-z]{32}", "0123456789abcdefghijABCDEFGHIJ01", "gitleaks infracost-api-token"),
    token(
        "key-",
        "[0-9a-f]{32}(?-u:\\b)",
        "0123456789abcdef0123456789abcdef",
        "gitleaks mailgun-private-api-token",
    ),
    token("nfp_", WORD30, "0123456789abcdefghijABCDEFGHIJ0123456789", "Netlify's documentation of tokens"),
    token("NRJS-", "[0-9a-f]{19,}", "0123456789abcdef012", "gitleaks newrelic-browser-api-token"),
    token(
        "oy2",
        "[0-9a-z]{43}(?-u:\\b)",
        "abcdefghij0123456789abcdefghij0123456789abc",
        "NuGet's documentation of keys",
    ),
    token("pnu_", WORD30, "0123456789abcdefghij0123456789abcdef", "gitleaks prefect-api-token"),
    token("access-production-", URL30, "01234567-89ab-cdef-0123-456789abcdef", "gitleaks plaid-api-token"),
    token(
        "pscale_oauth_",
        "[0-9A-Za-z_=.-]{20,}",
        "abcdefghij0123456789abcdefghij0123",
        "gitleaks planetscale-oauth-token",
    ),
    token("rdme_", WORD30, "0123456789abcdefghij0123456789abcdefghij0123456789", "gitleaks readme-api-token"),
    token("shippo_live_", HEX32, "0123456789abcdef0123456789abcdef01234567", "gitleaks shippo-api-token"),
    token(
        "sl.",
        r"[0-9A-Za-z_-]{60,}",
        "abcdefghij0123456789abcdefghij0123456789abcdefghij0123456789abcdefghij",
        "gitleaks dropbox-short-lived-api-token",
    ),
    token("r8_", WORD30, "0123456789abcdefghijABCDEFGHIJ0123456", "Replicate's documentation of tokens"),
    token("gsk_", WORD30, "0123456789abcdefghijABCDEFGHIJ0123456789", "Groq's documentation of keys"),
    token("sbp_", HEX32, "0123456789abcdef0123456789abcdef01234567", "Supabase's documentation of tokens"),
    token(
        "CFPAT-",
        URL20,
        "abcdefghij0123456789abcdefghij0123456789abc",
        "Contentful's documentation of tokens",
    ),
    token("figd_", URL20, "abcdefghij0123456789abcdefghij0123456789", "Figma's documentation of tokens"),
    token(
        "pat-na1-",
        URL30,
        "01234567-89ab-cdef-0123-456789abcdef",
        "HubSpot's documentation of private apps",
    ),
    token(
        "pat-eu1-",
        URL30,
        "01234567-89ab-cdef-0123-456789abcdef",
        "HubSpot's documentation of private apps",
    ),
    token("bkua_", WORD30, "0123456789abcdef0123456789abcdef01234567", "Buildkite's documentation of tokens"),
    token("tskey-", URL20, "auth-abcdefghij0123456789-abcdefghij", "Tailscale's documentation of keys"),
    token("squ_", WORD30, "0123456789abcdef0123456789abcdef01234567", "gitleaks sonar-api-token"),
    token("sqp_", WORD30, "0123456789abcdef0123456789abcdef01234567", "gitleaks sonar-api-token"),
    token("sqa_", WORD30, "0123456789abcdef0123456789abcdef01234567", "gitleaks sonar-api-token"),
    token(
        "v1.0-",
        "[0-9a-f]{24}-[0-9a-f]{100,}",
        "0123456789abcdef01234567-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789",
        "gitleaks cloudflare-origin-ca-key",
    ),
    token(
        "secret_",
        "[0-9A-Za-z]{43}(?-u:\\b)",
        "abcdefghijABCDEFGHIJ0123456789abcdefghij012",
        "Notion's documentation of integrations",
    ),
    token(
        "sk.eyJ",
        r"[0-9A-Za-z_-]{20,}(?:\.[0-9A-Za-z_-]+)*",
        "1IjoiYWJjZGVmZ2hpaiJ9.abcdefghij0123456789",
        "Mapbox's documentation of tokens",
    ),
    token(
        "AQVN",
        "[0-9A-Za-z_-]{35,}",
        "abcdefghij0123456789abcdefghij0123456789",
        "gitleaks yandex-api-key",
    ),
    token(
        "lsv2_",
        "(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}",
        "pt_0123456789abcdef0123456789abcdef_0123456789",
        "LangSmith's documentation of keys",
    ),
    token(
        "fm2_",
        "[0-9A-Za-z+/]{60,}={0,3}",
        "abcdefghij0123456789abcdefghij0123456789abcdefghij0123456789abcdefghij",
        "gitleaks flyio-access-token",
    ),
    token("sm_pat_", "[0-9A-Za-z]{16,}", "abcdefghij012345", "gitleaks settlemint-personal-access-token"),
    token(
        "EAAA",
        "[0-9A-Za-z_-]{22,}",
        "Eabcdefghij0123456789abcdefghij0123456789abcdefghij",
        "gitleaks square-access-token",
    ),
    token(
        "api_org_",
        "[A-Za-z]{30,}",
        "abcdefghijklmnopqrstuvwxyzabcdefgh",
        "gitleaks huggingface-organization-api-token",
    ),
    token(
        "cmVmd",
        "[0-9A-Za-z]{59}(?-u:\\b)",
        "GtuOjAxOjE3MDAwMDAwMDA6YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXo0",
        "gitleaks artifactory-reference-token",
    ),
];

/// What they begin with, all at once.
fn starts() -> &'static AhoCorasick {
    static STARTS: LazyLock<AhoCorasick> =
        LazyLock::new(|| patterns::compile_words(TOKENS.iter().map(|token| token.start)));
    &STARTS
}

/// Where `text` has the first start of one.
pub(super) fn first_start(text: &str) -> Option<usize> {
    starts().find(text).map(|found| found.start())
}

/// Where tokens stand in `text`, in order. Linear in its length.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    /// Bytes by which a token is recognised: a text may hold any number of starts.
    const LONGEST_LOOK: usize = 512;
    let mut found: Vec<Range<usize>> = Vec::new();
    for start in starts().find_iter(text) {
        let Some(token) = TOKENS.get(start.pattern().as_usize()) else { continue };
        let is_within = found.last().is_some_and(|last| start.start() < last.end);
        // Not in the middle of a longer word.
        let has_edge = !token.start.starts_with(|c: char| c.is_ascii_alphanumeric())
            || !text.get(..start.start()).unwrap_or("").ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if is_within || !has_edge {
            continue;
        }
        let rest = text.get(start.end()..).unwrap_or("");
        let mut look = rest.len().min(LONGEST_LOOK);
        while !rest.is_char_boundary(look) {
            look -= 1;
        }
        let Some(matched) = token.rest.find(rest.get(..look).unwrap_or("")) else { continue };
        let mut end = matched.end();
        if end == look {
            let is_token = |c: char| c.is_ascii_alphanumeric() || "+/=_.-".contains(c);
            end += rest.get(end..).map_or(0, |rest| rest.find(|c| !is_token(c)).unwrap_or(rest.len()));
        }
        let from = if token.keeps_start { start.end() } else { start.start() };
        found.push(from..start.end() + end);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_finds_its_example() {
        for token in &TOKENS {
            let text = format!("x: \"{}{}\" y", token.start, token.example);
            let found = find(&text);
            let start = 4 + if token.keeps_start { token.start.len() } else { 0 };
            assert_eq!(found, vec![start..text.len() - 3], "{} ({})", token.start, token.source);
            assert!(!token.source.is_empty());
        }
    }

    #[test]
    fn many_starts_take_no_more_than_their_number() {
        for start in ["eyJ-", "xoxb-", "sk-", "AKIA "] {
            let text = start.repeat(100_000);
            let _ = find(&text);
        }
        let long = format!("eyJ{}.{}.{}", "a".repeat(400), "b".repeat(5000), "c".repeat(50));
        assert_eq!(find(&format!("x {long} y")), vec![2..2 + long.len()]);
    }

    #[test]
    fn what_only_begins_alike_is_no_token() {
        for text in [
            "npm_config_registry",
            "npm_lifecycle_event",
            "AKIA",
            "sk_live_",
            "github_patch",
            "xoxb",
            "SG.1",
            "SKU-1234",
            "hf_model",
            "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "0123456789abcdef0123456789abcdef01234567",
            "123e4567-e89b-12d3-a456-426614174000",
            "hooks.slack.com",
            "eyJhbGci",
            "-----BEGIN CERTIFICATE-----",
            "-----BEGIN PUBLIC KEY-----",
            "DAPI",
            "glob-pattern",
            "AKIAABCDEFGHIJKLMNOPQ",
            "arn:aws:iam::123456789012:role/web",
            "registry.example.com/web@sha256:0123",
            "task-sk-1",
        ] {
            assert_eq!(find(text), Vec::<Range<usize>>::new(), "{text}");
        }
    }
}
