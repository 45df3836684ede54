//! Chronos jobs (`chronos_tools:create_complete_config`, `ChronosJobConfig.format_chronos_job_dict`).

use super::python::{Data, Dict, Value, dumps};
use super::{Refusal, Subject, date_strings, mapping, marathon};

/// One Chronos job.
#[derive(Clone, Debug)]
pub struct Job<'s> {
    /// The body of the request.
    pub payload: Value<'s>,
    /// Exactly the text that is hashed: the job without `description`.
    pub hash_input: String,
    /// `config` and 8 hexadecimal digits; also the job's `description`.
    pub config_hash: String,
}

impl<'s> Job<'s> {
    /// The job of a Chronos instance.
    ///
    /// # Errors
    /// What makes PaaSTA raise.
    pub fn of(subject: &Subject<'_, 's>) -> Result<Self, Refusal> {
        let config = &subject.config;
        let arguments = subject.args()?;
        // `chronos_tools:get_shell`: nothing else that Python takes for false will do.
        let is_shell = match &arguments.data {
            Data::None => true,
            Data::List(list) => list.is_empty(),
            _ => false,
        };
        let mut job = Dict::of([
            ("name", Value::computed(format!("{} {}", config.service_name(), config.name()))),
            ("container", container(subject)?),
            ("uris", Value::computed(vec![subject.context.system.dockercfg()])),
            ("environmentVariables", environment(subject)?),
            ("mem", subject.mem()),
            ("cpus", subject.cpus()),
            ("disk", subject.disk()),
            ("constraints", subject.constraints(None)?),
            ("command", subject.command()?),
            ("epsilon", subject.epsilon()),
            ("retries", subject.retries()),
            ("async", Value::default(false)),
            ("disabled", subject.disabled()?),
            ("owner", config.team()),
            ("scheduleTimeZone", subject.schedule_time_zone()),
            ("shell", Value::computed(is_shell)),
        ]);
        job.insert("arguments", arguments);
        match config.set("schedule") {
            Some(schedule) => job.insert("schedule", schedule.clone()),
            None => job.insert("parents", parents(subject)?),
        }
        let mut payload = Value::computed(job);
        let (hash_input, config_hash) = marathon::config_hash(dumps(&payload), subject)?;
        if let Data::Dict(job) = &mut payload.data {
            job.insert("description", Value::computed(config_hash.clone()));
        }
        Ok(Self { payload, hash_input, config_hash })
    }
}

fn container<'s>(subject: &Subject<'_, 's>) -> Result<Value<'s>, Refusal> {
    Ok(mapping([
        ("image", subject.docker_url()?),
        ("network", subject.network()),
        ("type", Value::default("DOCKER")),
        ("volumes", subject.volumes()?),
        ("parameters", subject.docker_parameters(true)?),
    ]))
}

/// The environment as a list, in order.
fn environment<'s>(subject: &Subject<'_, 's>) -> Result<Value<'s>, Refusal> {
    let environment = subject.environment(subject.deployed()?)?;
    let variable = |name: Data<'s>, value: Value<'s>| {
        let name = Value::new(name, value.origin);
        mapping([("name", name), ("value", value)])
    };
    let variables = environment.into_entries().into_iter().map(|entry| variable(entry.key, entry.value));
    Ok(Value::computed(variables.collect::<Vec<_>>()))
}

/// Parents as Chronos calls them: `service job`.
fn parents<'s>(subject: &Subject<'_, 's>) -> Result<Value<'s>, Refusal> {
    let parents = subject.parents();
    let Data::List(list) = &parents.data else {
        return Err(Refusal::new("TypeError", "`parents` is null").at(parents.origin));
    };
    let mut names = Vec::with_capacity(list.len());
    for parent in list {
        let Some(name) = parent.as_str() else {
            return Err(Refusal::new("AttributeError", "a parent is not text").at(parent.origin));
        };
        names.push(Value::new(Data::from(name.replace('.', " ")), parent.origin));
    }
    Ok(Value::new(Data::List(names), parents.origin))
}

impl<'s> Subject<'_, 's> {
    /// Jobs it waits for, as a list; null stays null.
    pub fn parents(&self) -> Value<'s> {
        let parents = self.config.or("parents", Vec::new());
        match parents.data {
            Data::List(_) | Data::None => parents,
            data => {
                let origin = parents.origin;
                Value::new(Data::List(vec![Value::new(data, origin)]), origin)
            }
        }
    }

    /// How late a run may be; a minute unless set.
    pub fn epsilon(&self) -> Value<'s> {
        self.config.or("epsilon", "PT60S")
    }

    /// How often a failed run is tried again; twice unless set.
    pub fn retries(&self) -> Value<'s> {
        self.config.or("retries", 2)
    }

    /// When it runs; null for a job that waits for others.
    pub fn schedule(&self) -> Value<'s> {
        self.config.or("schedule", Data::None)
    }

    /// The zone of the schedule; null is UTC.
    pub fn schedule_time_zone(&self) -> Value<'s> {
        self.config.or("schedule_time_zone", Data::None)
    }

    /// Whether it is switched off, by the file or because it is stopped.
    ///
    /// # Errors
    /// The desired state is neither `start` nor `stop`.
    pub fn disabled(&self) -> Result<Value<'s>, Refusal> {
        let branch = self.deployed()?;
        let disabled = self.config.or("disabled", false);
        Ok(if !branch.is_started()? && disabled.data == Data::Bool(false) {
            Value::new(Data::Bool(true), branch.desired_state().origin)
        } else {
            disabled
        })
    }

    /// The command with its date strings filled in.
    ///
    /// # Errors
    /// A `%` that is none of a date string.
    pub fn command(&self) -> Result<Value<'s>, Refusal> {
        let cmd = self.cmd();
        if !cmd.is_truthy() {
            return Ok(cmd);
        }
        let Some(text) = cmd.as_str() else {
            return Err(Refusal::new("InvalidChronosConfigError", "`cmd` is not text").at(cmd.origin));
        };
        if !text.contains('%') {
            return Ok(cmd);
        }
        let expanded =
            date_strings::expand(text, self.context.now).map_err(|refusal| refusal.at(cmd.origin))?;
        Ok(Value::new(Data::from(expanded), cmd.origin))
    }
}
