// Starts the pictures once the page is there.

import { readProfile } from "./data.js";
import { showFlame } from "./flame.js";
import { showTimeline } from "./timeline.js";

async function start() {
  const [flame, timeline] = ["flame", "timeline"].map((name) => document.getElementById(name));
  try {
    const profile = await readProfile(document.getElementById("profile"));
    if (flame) showFlame(flame, profile);
    if (timeline) showTimeline(timeline, profile);
    document.documentElement.dataset.ready = String(Math.round(performance.now()));
  } catch (error) {
    for (const section of [flame, timeline]) {
      if (section) section.querySelector("output").textContent = `The picture can't be drawn here: ${error.message}`;
    }
  }
}

start();
