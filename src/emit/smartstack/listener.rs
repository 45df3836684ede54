//! What HAProxy is to do for one namespace, worked out from smartstack.yaml once and for all:
//! synapse.conf.json and haproxy.cfg only write it down.
//!
//! Facts: Yelp/synapse-tools 0.12.4, `configure_synapse.py`. It believes whatever the file says;
//! what would reach HAProxy's configuration as more than one word of one line is refused here.

use crate::dialect::Dialect;
use crate::emit::Refusal;
use crate::emit::python::{self, Data, Value};

use super::locations::{Location, Locations};
use super::text;

/// Longest time that HAProxy takes, in milliseconds (`TIMER_MAX_MS`).
const LONGEST_MS: u64 = 2_147_483_647;

/// Longest name of a listener: its socket's path, `.sock` and HAProxy's own suffix included, has
/// to fit the 108 bytes of `sun_path`.
pub const LONGEST_NAME: usize = 55;

/// What a namespace speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Requests are balanced one by one.
    Http,
    /// Connections are balanced.
    Tcp,
}

impl Mode {
    /// The word of HAProxy and of smartstack.yaml.
    pub const fn name(self) -> &'static str {
        match self {
            Mode::Http => "http",
            Mode::Tcp => "tcp",
        }
    }
}

/// How HAProxy chooses a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Balance {
    /// The one with the fewest connections.
    Leastconn,
    /// One after the other.
    Roundrobin,
}

impl Balance {
    /// HAProxy's word.
    pub const fn name(self) -> &'static str {
        match self {
            Balance::Leastconn => "leastconn",
            Balance::Roundrobin => "roundrobin",
        }
    }
}

/// A fault that clients on this node shall see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Connections are closed.
    Drop,
    /// No server is ever found.
    Error503,
    /// Connections wait that long: HAProxy's words for a time.
    Delay(String),
}

/// Servers of a namespace that registered in one location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backend {
    /// Name of HAProxy's section.
    pub name: String,
    /// Where the servers registered.
    pub location: Location,
    /// Whether clients that looked up the namespace may be sent there: it is no smaller than the
    /// location type of `discover`.
    pub reachable: bool,
}

/// One namespace as the load balancer has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// `service.namespace`
    pub name: String,
    /// Where HAProxy listens; `None`: discovery only.
    pub port: Option<u16>,
    /// What it speaks.
    pub mode: Mode,
    /// Its servers by location, the most specific first; one of them has the listener's own name.
    pub backends: Vec<Backend>,
    /// `timeout client`, in milliseconds.
    pub timeout_client_ms: Option<u64>,
    /// `timeout server`, in milliseconds.
    pub timeout_server_ms: Option<u64>,
    /// `timeout connect`, in milliseconds.
    pub timeout_connect_ms: Option<u64>,
    /// How often a failed connection is tried again.
    pub retries: Option<u64>,
    /// Whether every retry goes to another server.
    pub allredisp: bool,
    /// How a server is chosen; `None` leaves it to the defaults.
    pub balance: Option<Balance>,
    /// Path of the health check.
    pub healthcheck_uri: String,
    /// Headers of the health check, sorted by name.
    pub healthcheck_headers: Vec<(String, String)>,
    /// Headers that replace those of requests, sorted by name.
    pub extra_headers: Vec<(String, String)>,
    /// The listener that requests go through first.
    pub proxied_through: Option<String>,
    /// Whether another listener's requests come through this one.
    pub is_proxy: bool,
    /// A fault injected on this node.
    pub fault: Option<Fault>,
}

impl Listener {
    /// What the namespace `name` (`service.namespace`) asks for on the node that `locations`
    /// describe. `None` if it does not want to be in SmartStack: no port, or a negative one.
    ///
    /// # Errors
    /// Something that HAProxy, or synapse-tools before it, would refuse or misread.
    pub fn of(
        name: &str,
        namespace: &Value<'_>,
        locations: &Locations,
        dialect: &Dialect,
    ) -> Result<Option<Self>, Refusal> {
        if namespace.as_dict().is_none() {
            return Err(Refusal::new("AttributeError", "the namespace is not a mapping").at(namespace.origin));
        }
        let keys = Keys { namespace };
        let port = match keys.port()? {
            Port::Absent => return Ok(None),
            Port::None => None,
            Port::Number(port) => Some(port),
        };
        if !text::is_proxy_name(name) {
            let allowed = "letters, digits, `-`, `_`, `.` and `:`";
            return Err(keys.refuse(None, format!("HAProxy takes only {allowed} in a name, not {name:?}")));
        }
        if name.len() > LONGEST_NAME {
            let message = format!(
                "`{name}` is {} characters long; a socket path has room for {LONGEST_NAME}",
                name.len()
            );
            return Err(keys.refuse(None, message));
        }
        let (client, server) = keys.timeouts(dialect)?;
        Ok(Some(Self {
            name: name.to_owned(),
            port,
            mode: keys.mode()?,
            backends: keys.backends(name, locations)?,
            timeout_client_ms: client,
            timeout_server_ms: server,
            timeout_connect_ms: keys.milliseconds("timeout_connect_ms")?,
            retries: keys.whole("retries", LONGEST_MS)?,
            allredisp: keys.set("allredisp").is_some_and(Value::is_truthy),
            balance: keys.balance(),
            healthcheck_uri: keys.healthcheck_uri()?,
            healthcheck_headers: keys.headers("extra_healthcheck_headers")?,
            extra_headers: keys.headers("extra_headers")?,
            proxied_through: keys.proxied_through(name)?,
            is_proxy: false,
            fault: keys.fault(locations)?,
        }))
    }

    /// The backend that requests reach by default.
    pub fn own_backend(&self) -> Option<&Backend> {
        self.backends.iter().find(|backend| backend.name == self.name)
    }
}

/// What `proxy_port` says.
enum Port {
    /// The namespace is not in SmartStack: no such key, or a negative number.
    Absent,
    /// Discovery only.
    None,
    /// A listener.
    Number(u16),
}

/// Reads the keys of a namespace.
struct Keys<'a, 's> {
    namespace: &'a Value<'s>,
}

impl<'a, 's> Keys<'a, 's> {
    fn set(&self, key: &str) -> Option<&'a Value<'s>> {
        self.namespace.get(key).filter(|value| !value.is_none())
    }

    fn refuse(&self, value: Option<&Value<'_>>, message: impl Into<String>) -> Refusal {
        Refusal::new("ValueError", message).at(value.unwrap_or(self.namespace).origin)
    }

    fn port(&self) -> Result<Port, Refusal> {
        let Some(value) = self.namespace.get("proxy_port") else { return Ok(Port::Absent) };
        match &value.data {
            Data::None => Ok(Port::None),
            Data::Int(number) if *number < 0 => Ok(Port::Absent),
            Data::Int(number) => match u16::try_from(*number) {
                Ok(port) if port > 0 => Ok(Port::Number(port)),
                _ => {
                    Err(self.refuse(Some(value), format!("`proxy_port` {number} is not a port: 1 to 65535")))
                }
            },
            _ => {
                let shown = python::repr(&value.data);
                Err(self.refuse(Some(value), format!("`proxy_port` {shown} is not a whole number")))
            }
        }
    }

    fn mode(&self) -> Result<Mode, Refusal> {
        let Some(value) = self.namespace.get("mode") else { return Ok(Mode::Http) };
        match &value.data {
            Data::None => Ok(Mode::Http),
            Data::Str(mode) if mode == "http" => Ok(Mode::Http),
            Data::Str(mode) if mode == "tcp" => Ok(Mode::Tcp),
            _ => {
                let message = format!("HAProxy has no mode {}", python::repr(&value.data));
                Err(self.refuse(Some(value), message).help("use `http` or `tcp`"))
            }
        }
    }

    fn backends(&self, name: &str, locations: &Locations) -> Result<Vec<Backend>, Refusal> {
        let discover = self.text("discover", "region")?;
        let advertised = self.advertised()?;
        let mut kinds: Vec<(usize, &str)> =
            advertised.iter().filter_map(|kind| Some((locations.rank(kind)?, kind.as_str()))).collect();
        kinds.sort_unstable_by(|a, b| b.cmp(a));
        kinds.dedup();
        let Some(level) = kinds.iter().find(|(_, kind)| *kind == discover).map(|(level, _)| *level) else {
            let value = self.set("discover").or_else(|| self.set("advertise"));
            let message = format!("`discover` {discover:?} is not among the location types of `advertise`");
            return Err(self.refuse(value, message).help(
                "0.66 would write an empty configuration for the whole host: name the type in `advertise`",
            ));
        };
        let backend = |(rank, kind): (usize, &str)| {
            let own = rank == level;
            Ok(Backend {
                name: if own { name.to_owned() } else { format!("{name}.{kind}") },
                location: locations.current(kind)?,
                reachable: rank <= level,
            })
        };
        kinds.into_iter().map(backend).collect()
    }

    fn advertised(&self) -> Result<Vec<String>, Refusal> {
        let Some(value) = self.namespace.get("advertise") else { return Ok(vec!["region".to_owned()]) };
        let items = value.as_list().and_then(|items| {
            items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<String>>>()
        });
        items.ok_or_else(|| self.refuse(Some(value), "`advertise` is not a list of location types"))
    }

    fn text(&self, key: &str, default: &str) -> Result<String, Refusal> {
        match self.namespace.get(key) {
            None => Ok(default.to_owned()),
            Some(value) => match value.as_str() {
                Some(text) => Ok(text.to_owned()),
                None => Err(self.refuse(Some(value), format!("`{key}` is not text"))),
            },
        }
    }

    /// `timeout client` and `timeout server`. synapse-tools sets both as soon as one is given, to
    /// the larger; the documentation gives each a default of its own, which is HAProxy's section
    /// `defaults`.
    fn timeouts(&self, dialect: &Dialect) -> Result<(Option<u64>, Option<u64>), Refusal> {
        let (client, server) =
            (self.milliseconds("timeout_client_ms")?, self.milliseconds("timeout_server_ms")?);
        if dialect.smartstack_defaults {
            return Ok((client, server));
        }
        let both = client.max(server);
        // An explicit null stays what it is.
        let or = |key: &str, own: Option<u64>| if self.namespace.get(key).is_some() { own } else { both };
        Ok((or("timeout_client_ms", client), or("timeout_server_ms", server)))
    }

    fn milliseconds(&self, key: &str) -> Result<Option<u64>, Refusal> {
        self.whole(key, LONGEST_MS)
    }

    /// A number as `%d` writes it.
    fn whole(&self, key: &str, most: u64) -> Result<Option<u64>, Refusal> {
        let Some(value) = self.set(key) else { return Ok(None) };
        let number = match python::truncate(value) {
            Ok(digits) => digits.parse::<u64>().ok().filter(|number| *number <= most),
            Err(exception) => return Err(Refusal::of(key, &exception, value.origin)),
        };
        let refusal = || {
            let shown = python::repr(&value.data);
            self.refuse(Some(value), format!("HAProxy takes 0 to {most} as `{key}`, not {shown}"))
        };
        number.map(Some).ok_or_else(refusal)
    }

    fn balance(&self) -> Option<Balance> {
        match self.set("balance")?.as_str()? {
            "leastconn" => Some(Balance::Leastconn),
            "roundrobin" => Some(Balance::Roundrobin),
            _ => None,
        }
    }

    fn healthcheck_uri(&self) -> Result<String, Refusal> {
        let uri = self.text("healthcheck_uri", "/status")?;
        if uri.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(uri);
        }
        let message = "`healthcheck_uri` has a character that no request line can have";
        let value = self.set("healthcheck_uri");
        Err(self.refuse(value, message).help("write blanks and other special characters as %20 and so on"))
    }

    fn headers(&self, key: &str) -> Result<Vec<(String, String)>, Refusal> {
        let Some(value) = self.namespace.get(key) else { return Ok(Vec::new()) };
        let dict =
            value.as_dict().ok_or_else(|| self.refuse(Some(value), format!("`{key}` is not a mapping")))?;
        let mut headers = Vec::with_capacity(dict.len());
        for entry in dict {
            let name = entry.key.as_str().filter(|name| text::is_header_name(name));
            let name = name.ok_or_else(|| {
                let shown = python::repr(&entry.key);
                self.refuse(Some(&entry.value), format!("{shown} in `{key}` is no name of a header"))
            })?;
            let scalar = !matches!(entry.value.data, Data::List(_) | Data::Dict(_));
            let content = python::str(&entry.value);
            if !scalar || !text::is_header_value(&content) {
                let message = format!(
                    "the value of `{name}` in `{key}` cannot be a header: it must be one line of visible characters"
                );
                return Err(self.refuse(Some(&entry.value), message));
            }
            headers.push((name.to_owned(), content.into_owned()));
        }
        headers.sort();
        Ok(headers)
    }

    fn proxied_through(&self, name: &str) -> Result<Option<String>, Refusal> {
        let Some(value) = self.set("proxied_through").filter(|value| value.is_truthy()) else {
            return Ok(None);
        };
        let Some(target) = value.as_str().filter(|target| text::is_proxy_name(target)) else {
            return Err(self.refuse(Some(value), "`proxied_through` is not `service.namespace`"));
        };
        if target == name {
            return Err(self.refuse(Some(value), "a namespace cannot be proxied through itself"));
        }
        Ok(Some(target.to_owned()))
    }

    /// The faults of every group that the node is in, the later ones over the earlier ones.
    fn fault(&self, locations: &Locations) -> Result<Option<Fault>, Refusal> {
        let Some(chaos) = self.set("chaos") else { return Ok(None) };
        let (mut fail, mut delay) = (None, None);
        for group in chaos.as_dict().into_iter().flatten() {
            let here = group.key.as_str().and_then(|kind| locations.here(kind));
            let Some(entry) = here.and_then(|name| group.value.get(name)) else { continue };
            fail = entry.get("fail").or(fail);
            delay = entry.get("delay").or(delay);
        }
        match fail.and_then(Value::as_str) {
            Some("drop") => return Ok(Some(Fault::Drop)),
            Some("error_503") => return Ok(Some(Fault::Error503)),
            _ => {}
        }
        let Some(value) = delay.filter(|delay| delay.is_truthy()) else { return Ok(None) };
        let words = python::str(value);
        if !text::is_time(&words) {
            let help = "write digits and a unit, as in `250ms`";
            return Err(self.refuse(Some(value), "`delay` is no time as HAProxy has it").help(help));
        }
        Ok(Some(Fault::Delay(words.into_owned())))
    }
}
