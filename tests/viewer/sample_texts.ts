/** Tasks, and drafts that get better from one to the next, for stores that look like those of real use. */

/** A task with its drafts. */
export interface SampleTask {
  readonly prompt: string;
  /** Words that no draft should have, of which the first drafts have some. */
  readonly prohibited: readonly string[];
  /** The drafts, the last of which is good. */
  readonly drafts: readonly string[];
}

/** The tasks. */
export const SAMPLE_TASKS: readonly SampleTask[] = [
  {
    prompt: "Write release notes for version 2.4 of the backup tool.",
    prohibited: ["simply", "obviously"],
    drafts: [
      "Version 2.4 is here! Obviously, backups are now faster. You simply start the tool and everything works. We fixed bugs.",
      "Version 2.4 makes backups faster. You simply start the tool: a backup of 10 GB that took twelve minutes takes seven. We fixed the error that left half-written archives on a full disk.",
      "Version 2.4 makes backups faster. A backup of 10 GB that took twelve minutes takes seven.\n\nA full disk no longer leaves half-written archives: the tool checks the room first and says how much is missing. To upgrade, install the package and run `backup check` once.",
    ],
  },
  {
    prompt: "Explain to a new colleague why we measure latency at the 99th percentile.",
    prohibited: ["very", "basically"],
    drafts: [
      "Basically, averages are very misleading. The 99th percentile is better because it is about the slow requests.",
      "An average hides slow requests. If 99 requests take 50 ms and one takes 5 s, the average is 100 ms, and nobody waited 100 ms. The 99th percentile shows what the slowest one in a hundred sees, which is basically what people complain about.",
      "An average hides slow requests. If 99 requests take 50 ms and one takes 5 s, the average is about 100 ms, and nobody waited 100 ms.\n\nThe 99th percentile says what the slowest request in a hundred takes. A page that makes forty requests meets such a request on every third visit, so it is what people feel.",
    ],
  },
  {
    prompt: "Answer a customer whose parcel arrived with a broken teapot.",
    prohibited: ["unfortunately", "policy"],
    drafts: [
      "Unfortunately our policy says that breakage must be reported within 24 hours. Please see our website.",
      "I am sorry that the teapot arrived broken. Unfortunately this can happen in transport. We will send you a new one.",
      "I am sorry that the teapot arrived broken: that is no way to begin a tea time.\n\nA new one leaves our store tomorrow and should be with you on Thursday. You need not send the pieces back. If Thursday does not suit you, answer this message with a better day.",
    ],
  },
  {
    prompt: "Describe the ring-tailed lemur for a museum label.",
    prohibited: ["amazing", "unique"],
    drafts: [
      "The amazing ring-tailed lemur is a unique animal from Madagascar with a tail.",
      "The ring-tailed lemur lives in the south of Madagascar. Its unique tail has black and white rings and is longer than its body. It lives in groups led by females.",
      "Ring-tailed lemurs live in the dry forests of southern Madagascar, in groups of up to thirty that females lead.\n\nThe tail, longer than the body, is a flag: held high, its black and white rings keep the group together in tall grass. In the morning they sit upright and face the sun to get warm.",
    ],
  },
  {
    prompt: "Summarise the incident of last Tuesday for the status page.",
    prohibited: ["human error", "minor"],
    drafts: [
      "A minor outage happened because of human error. It is fixed.",
      "On Tuesday between 14:02 and 14:41 UTC, logins failed for some customers. A minor change to a certificate had the wrong date.",
      "On Tuesday between 14:02 and 14:41 UTC, one in five logins failed.\n\nA certificate of the session service had expired, and the alert for it was sent to a mailbox that nobody reads. We renewed the certificate, and alerts of this kind now go to the engineer on call.",
    ],
  },
];
