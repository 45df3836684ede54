//! The rules: what they are, the one list of them, and what they may see and say.
//!
//! A rule is one file: a doc comment that is its published page, its level in each dialect,
//! and a plain function for its scope. The list below is the only one; everything else
//! (`explain`, `rules`, the docs, the tests for names and examples) is derived from it.

mod context;
pub(crate) mod inside;
pub(crate) mod jobs;
pub mod pages;
pub(crate) mod reader;
mod rule;
mod sink;
pub(crate) mod support;
mod volumes;
mod written;

pub use context::{DocumentCx, Env, Instance, InstanceCx, Located, NamespaceCx, ServiceCx, TreeCx};
pub(crate) use context::{instances_of, namespaces_of};
pub use rule::{Blocks, Check, Fixable, Group, Level, Rule, Status};
pub use sink::{Active, Sink};

/// Declares a rule: its page as a doc comment, `"name" in Group`, its levels, and what differs
/// from [`Rule::DEFAULT`].
macro_rules! rule {
    (
        $(#[doc = $doc:literal])*
        $name:literal in $group:ident,
        documented: $documented:ident, paasta_0_66: $paasta:ident,
        $($field:ident: $value:expr),* $(,)?
    ) => {
        $crate::rules::Rule {
            name: $name,
            group: $crate::rules::Group::$group,
            doc: concat!($($doc, "\n"),*),
            documented: $crate::rules::Level::$documented,
            paasta_0_66: $crate::rules::Level::$paasta,
            $($field: $value,)*
            ..$crate::rules::Rule::DEFAULT
        }
    };
}

/// The list of rules, by folder; each names a file `rules/<folder>/<rule>.rs` with a `RULE`.
macro_rules! rules {
    ($($folder:ident: [$($rule:ident),* $(,)?])*) => {
        $(
            pub(crate) mod $folder {
                $(pub(crate) mod $rule;)*
            }
        )*

        /// Every rule, in the order of the groups.
        pub static RULES: &[&Rule] = &[$($(&$folder::$rule::RULE,)*)*];
    };
}

rules! {
    yaml: [
        yaml_syntax,
        yaml_conflict_marker,
        yaml_jinja_leftover,
        yaml_multiple_documents,
        yaml_unknown_tag,
        yaml_undefined_alias,
        yaml_merge_non_mapping,
        yaml_non_utf8,
        yaml_limit,
        yaml_duplicate_key,
        yaml_duplicate_anchor,
        yaml_repeated_merge_key,
        yaml_loaders_disagree,
        yaml_anchor_as_instance,
        yaml_merge_hides_nested,
        yaml_unused_anchor,
        yaml_trailing_space_value,
        yaml_long_fold,
        yaml_unescaped_hash,
        unreadable_file,
    ]
    schema: [
        top_level_not_mapping,
        empty_file,
        unknown_key,
        unknown_nested_key,
        key_wrong_kind,
        key_at_wrong_level,
        key_refused_by_paasta,
        type_mismatch,
        non_finite_number,
        value_out_of_range,
        mem_range,
        unknown_value,
        missing_key,
        duplicate_item,
        empty_list,
        instance_name_pattern,
        instance_name_style,
        namespace_name,
        empty_instance,
        ulimit_list,
        healthcheck_cmd_without_mode,
        drain_http_params,
        drain_params_without_method,
        monitoring_shape,
        pipeline_shape,
        dependencies_shape,
        yaml_non_string_key,
        yaml_bool_surprise,
        yaml_octal_surprise,
        yaml_sexagesimal_surprise,
        yaml_float_surprise,
        yaml_date_surprise,
        yaml_null_value,
    ]
    names: [
        file_yml_extension,
        file_unknown_name,
        cluster_name_case,
        cluster_name_chars,
        cluster_name_empty,
        service_name_chars,
        service_name_tmp,
        service_dir_empty,
        duplicate_instance_name,
        name_double_dash,
        instance_name_reserved,
        service_name_length,
        cluster_unknown,
        symlink_target_lowercase,
        nested_directory,
    ]
    resources: [
        min_gt_max,
        max_instances_zero,
        min_instances_alone,
        instances_and_autoscaling,
        min_eq_max,
        instances_zero,
        instances_below_locations,
        instances_not_multiple,
        autoscaling_without_max,
        autoscaling_setpoint,
        autoscaling_offset,
        autoscaling_window,
        autoscaling_endpoint_ignored,
        autoscaling_http_no_port,
        autoscaling_no_healthcheck,
        cpus_too_small,
        cpu_burst_zero,
        mem_unit_suspect,
        mem_fraction,
        ulimit_soft_gt_hard,
        ulimit_range,
        ulimit_fraction,
        cap_unknown,
        cap_duplicate,
        cap_default,
    ]
    command: [
        cmd_and_args,
        cmd_empty,
        cmd_http_prefix,
        chronos_no_command,
        chronos_args_slash,
        env_name_invalid,
        env_reserved,
        volume_mode,
        volume_relative_path,
        volume_duplicate_container_path,
        volume_container_root,
        volume_shadows_system,
        volume_rw_shared,
        chronos_args_length,
        cmd_daemonize,
        cmd_tron_in_marathon,
        env_case_duplicate,
        net_none_with_traffic,
        net_host_port,
        host_port_range,
        host_port_conflict,
    ]
    placement: [
        constraint_shape,
        constraint_operator,
        constraint_value,
        constraint_not_string,
        constraints_override,
        blacklist_shape,
        whitelist_shape,
        whitelist_minus_blacklist_empty,
        net_unknown,
        pool_unknown,
        location_type_unknown,
        location_value_unknown,
        blacklist_all,
        whitelist_regex,
        monitoring_blacklist_redundant,
        monitoring_blacklist_only,
        constraint_duplicate,
        constraint_field_unknown,
        constraint_regex_unanchored,
        constraints_no_pool,
        group_by_no_count,
        group_by_mismatch,
        extra_constraint_duplicates_default,
        pool_regex,
    ]
    health: [
        healthcheck_https,
        healthcheck_cmd_missing,
        healthcheck_cmd_unused,
        healthcheck_mode_vs_smartstack,
        healthcheck_uri_format,
        healthcheck_uri_unused,
        healthcheck_uri_differs,
        healthcheck_timeout_gt_interval,
        healthcheck_grace_small,
        healthcheck_failures_zero,
        healthcheck_default_note,
        no_healthcheck,
    ]
    bounce: [
        bounce_method_enum,
        bounce_margin_range,
        bounce_margin_ignored,
        bounce_haproxy_not_registered,
        drain_http_spec,
        bounce_unsafe_prod,
        bounce_downthenup_monitoring,
        bounce_upthendown_large,
        bounce_health_replaces_default,
        single_instance_crossover,
        single_instance_prod,
        drain_method_test,
        drain_hacheck_params,
        drain_params_ignored,
        drain_hacheck_no_smartstack,
        drain_noop_smartstack,
        max_launch_delay,
        replication_threshold,
        replication_threshold_secondary,
    ]
    smartstack: [
        namespace_not_mapping,
        proxy_port_missing,
        proxy_port_duplicate,
        proxy_port_range,
        proxy_port_reserved,
        proxy_port_null_broken,
        discover_not_in_advertise,
        extra_advertise_shape,
        extra_advertise_narrow,
        routes_shape,
        proxied_through_target,
        proxied_through_cycle,
        proxied_through_tcp,
        header_format,
        extra_headers_tcp,
        registration_format,
        registration_target_missing,
        registration_foreign,
        registration_mode_mix,
        namespace_unused,
        smartstack_undocumented_key,
        healthcheck_mode_nerve_only,
        healthcheck_timeout_s,
        updown_timeout,
        timeout_units,
        timeout_one_sided,
        timeout_client_lt_server,
        connect_gt_server,
        haproxy_retries_range,
        allredisp_useless,
        balance_enum,
        chaos_enabled,
        advertise_extra_types,
        extra_advertise_self,
        extra_advertise_large,
        proxied_through_chain,
        extra_advertise_unknown_location,
        registration_default_missing,
        registration_only_first,
    ]
    schedule: [
        schedule_or_parents,
        schedule_with_parents,
        schedule_syntax,
        schedule_no_start,
        schedule_start_no_t,
        schedule_basic_format,
        schedule_bad_date,
        schedule_repeat,
        schedule_interval_short,
        schedule_fractional,
        schedule_year_period,
        schedule_start_zone,
        schedule_offset_ignored,
        cron_fields,
        cron_extension,
        cron_range,
        cron_quartz,
        cron_never,
        cron_spacing,
        cron_dom_and_dow,
        schedule_timezone_unknown,
        schedule_timezone_no_schedule,
        epsilon_format,
        epsilon_bounds,
        parent_format,
        parents_empty,
        parent_missing,
        parent_cycle,
        cmd_percent,
        cmd_bare_percent_s,
        cmd_unknown_variable,
        cmd_variable_suffix,
        cmd_month_arithmetic,
        schedule_exhausted,
        schedule_start_future,
        schedule_month_day,
        cron_every_minute,
        chronos_retries_range,
        schedule_timezone_alias,
        schedule_dst,
        cmd_unixtime,
        cmd_date_deploytime,
        args_percent,
        cron_top_of_hour,
        disabled_parent,
        parent_finite,
        parent_period_mix,
    ]
    deploy: [
        deploy_group_missing_step,
        deploy_group_interpolation,
        deploy_group_chars,
        deploy_step_unused,
        pipeline_duplicate_step,
        pipeline_order,
        missing_deploy_yaml,
        canary_same_group,
        deploy_group_interpolation_step,
        deploy_group_regex_overlap,
        pipeline_manual_last,
        pipeline_missing_check,
    ]
    monitoring: [
        missing_monitoring_yaml,
        team_missing,
        team_unknown,
        alert_after_format,
        alert_after_months,
        check_every_set,
        page_without_runbook,
        realert_every_value,
        alert_after_range,
        alert_after_hides_page,
        page_without_tip,
        runbook_form,
        tip_multiline,
        notification_email_format,
        irc_channel_hash,
        project_format,
        ticket_project,
        project_without_ticket,
        monitoring_override_same,
        page_dev,
    ]
    security: [
        env_secret_suspect,
        cmd_secret,
        volume_dangerous,
        cap_dangerous,
        dependencies_reference_missing,
        dependencies_unused,
        dependencies_without_security,
        security_block_no_dependencies,
    ]
    compat: [
        deprecated_nerve_ns,
        key_never_read,
    ]
    hygiene: [
        service_unknown_key,
        service_yaml_shadow,
        missing_service_yaml,
        deployments_json_committed,
        leftover_legacy_files,
        git_url_format,
        git_url_mismatch,
        docker_registry_format,
        description_missing,
        clusters_inconsistent,
        template_drift,
    ]
    suppression: [
        suppress_unused,
        suppress_unknown,
        suppress_expired,
        suppress_malformed,
        suppress_no_reason,
        baseline_stale,
    ]
    internal: [
        configuration,
        internal_error,
        unbuildable_payload,
    ]
}

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}
