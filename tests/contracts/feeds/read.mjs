// Reads a calendar from standard input as a reader's own program would, and prints its events as JSON.
// The readers live in build/node_modules; NODE_READERS names that folder's parent.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import path from "node:path";

const at = createRequire(path.join(process.env.NODE_READERS, "package.json"));
const load = (name) => import(pathToFileURL(at.resolve(name)).href);
const text = readFileSync(0, "utf8");

// icaljs is what Thunderbird and Nextcloud read with
async function icaljs() {
  const ICAL = (await load("ical.js")).default;
  const calendar = new ICAL.Component(ICAL.parse(text));
  return calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      sequence: event.sequence,
      start: event.startDate.toJSDate().toISOString(),
      end: event.endDate.toJSDate().toISOString(),
      summary: event.summary,
      location: event.location ?? "",
      description: event.description ?? "",
      status: component.getFirstPropertyValue("status"),
    };
  });
}

async function nodeical() {
  const ical = (await load("node-ical")).default;
  return Object.values(ical.sync.parseICS(text))
    .filter((entry) => entry.type === "VEVENT")
    .map((event) => ({
      uid: event.uid,
      sequence: Number(event.sequence),
      start: event.start.toISOString(),
      end: event.end.toISOString(),
      summary: event.summary,
      location: event.location ?? "",
      description: event.description ?? "",
      status: event.status,
    }));
}

const readers = { "ical.js": icaljs, "node-ical": nodeical };
process.stdout.write(JSON.stringify(await readers[process.argv[2]]()));
