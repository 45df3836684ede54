#!/usr/bin/env python3
"""Writes runs.jsonl: when schedules run, worked out without soalint.

Cron: every minute of the time after `now` is looked at, and its clock time in the zone compared with
the fields, which are read here by a few lines of their own. Where no change of the clocks is near,
croniter has to agree. Repeating intervals: the start plus n times the period, with dateutil's
relativedelta for months and days by the clock.
"""
import json, random
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo
from croniter import croniter
from dateutil.relativedelta import relativedelta

UTC = timezone.utc
NAMES = [None, None, None,
         "jan feb mar apr may jun jul aug sep oct nov dec".split(),
         "sun mon tue wed thu fri sat".split()]
BOUNDS = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)]

def number(text, field):
    names = NAMES[field]
    if names and text.lower() in names:
        return names.index(text.lower()) + (1 if field == 3 else 0)
    return int(text)

def values(text, field):
    found = set()
    low, high = BOUNDS[field]
    for part in text.split(","):
        base, _, step = part.partition("/")
        step = int(step or 1)
        if base == "*":
            a, b = low, 6 if field == 4 else high
        elif "-" in base:
            a, b = (number(x, field) for x in base.split("-"))
        else:
            a = b = number(base, field)
        found |= {n % 7 if field == 4 else n for n in range(a, b + 1, step)}
    return found

def cron_runs(expr, zone, now, count=5, minutes=2 * 366 * 1440):
    words = expr.split()
    minute, hour, dom, month, dow = (values(w, i) for i, w in enumerate(words))
    any_dom, any_dow = words[2] == "*", words[4] == "*"
    tz = ZoneInfo(zone)
    at = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    runs = []
    def fits(local):
        d, w = local.day in dom, (local.weekday() + 1) % 7 in dow
        return local.month in month and ((d or any_dom) and (w or any_dow) if any_dom or any_dow else d or w)
    end = at + timedelta(minutes=minutes)
    while at < end:
        # Nothing in the next twelve hours if neither of the dates in them fits.
        if not any(fits((at + timedelta(hours=h)).astimezone(tz)) for h in (0, 4, 8, 12)):
            at += timedelta(hours=12)
            continue
        local = at.astimezone(tz)
        if local.minute in minute and local.hour in hour and fits(local):
            runs.append(local)
            if len(runs) == count:
                break
        at += timedelta(minutes=1)
    return runs

def iso_runs(start, months, days, seconds, zone, now, total, count=5):
    tz = ZoneInfo(zone)
    runs, n = [], 0
    while len(runs) < count and (total is None or n < total) and n < 2_000_000:
        wall = start + relativedelta(months=months * n, days=days * n)
        # A wall time in a gap: the clock moves on by the gap. fold=0 takes the first of two.
        moment = wall.replace(tzinfo=tz).astimezone(UTC) + timedelta(seconds=seconds * n)
        if moment > now:
            runs.append(moment.astimezone(tz))
        n += 1
    return runs

def text(time):
    return time.isoformat(timespec="seconds")

def main():
    random.seed(20170726)
    zones = ["UTC", "America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo",
             "Asia/Kolkata", "Pacific/Apia", "America/St_Johns", "Europe/London", "Africa/Casablanca"]
    crons = ["0 0 * * *", "30 2 * * *", "15 1 * * *", "*/20 * * * *", "0 3 1 * *", "0 3 * * mon", "0 3 1,15 * fri",
             "0 3 1-7 * mon", "0 3 */10 * sun", "59 23 31 * *", "0 12 29 2 *", "5 4 * jan,jul *", "0 */6 * * 1-5",
             "0 22 * * fri-7", "45 23 * * 6", "0-10/5 0 * * *", "*/59 * * * *", "30 1 * * sun", "0 0 1-31 * wed",
             "0 2 * 3,11 0", "30 23 * * *", "0,30 0-2 * * *"]
    nows = ["2017-07-26T10:15:30", "2017-03-11T12:00:00", "2017-11-04T12:00:00", "2018-02-17T12:00:00",
            "2017-03-25T20:00:00", "2017-10-28T20:00:00", "2020-02-28T23:59:59", "2025-12-31T23:59:00"]
    rows = []
    for expr in crons:
        for zone in zones:
            for now in random.sample(nows, 3):
                at = datetime.fromisoformat(now).replace(tzinfo=UTC)
                minutes = 9 * 366 * 1440 if "29 2" in expr else 800 * 1440
                runs = cron_runs(expr, zone, at, 1 if "29 2" in expr else 5, minutes)
                start = at.astimezone(ZoneInfo(zone))
                days = range((runs[-1] - start).days + 2)
                offsets = {(at + timedelta(days=n)).astimezone(ZoneInfo(zone)).utcoffset() for n in days}
                stable = len(offsets) == 1
                if stable:
                    it = croniter(expr, start)
                    assert [text(it.get_next(datetime)) for _ in runs] == [text(r) for r in runs], (expr, zone, now)
                rows.append({"schedule": expr, "zone": zone, "now": now, "runs": [text(r) for r in runs], "croniter": stable})
    periods = {"PT1H": (0, 0, 3600), "PT24H": (0, 0, 86400), "P1D": (0, 1, 0), "P1W": (0, 7, 0), "P1M": (1, 0, 0),
               "P12M": (12, 0, 0), "P1Y": (12, 0, 0), "P1DT12H": (0, 1, 43200), "PT90M": (0, 0, 5400), "P1M2D": (1, 2, 0),
               "PT59.5S": (0, 0, 59.5), "P2W3D": (0, 17, 0)}
    starts = ["2016-01-31T02:30:00", "2017-03-01T00:00:00", "2017-07-26T10:15:30", "2018-01-01T01:15:00"]
    for written, (months, days, seconds) in periods.items():
        for start in starts:
            for repeat in ["R", "R3", "R500"]:
                zone, now = random.choice(zones), random.choice(nows)
                at = datetime.fromisoformat(now).replace(tzinfo=UTC)
                total = int(repeat[1:]) if repeat[1:] else None
                runs = iso_runs(datetime.fromisoformat(start), months, days, seconds, zone, at, total) if seconds != 59.5 or total else None
                if runs is None:
                    continue
                rows.append({"schedule": f"{repeat}/{start}/{written}", "zone": zone, "now": now, "runs": [text(r) for r in runs]})
    with open("runs.jsonl", "w") as out:
        for row in rows:
            out.write(json.dumps(row) + "\n")
    print(len(rows), sum(1 for r in rows if r.get("croniter")))

main()
