// Sarabun, the face of Thai official papers, for a phone that has it already: it is kept with the kit
// for use without a signal. So a first visit fetches nothing for it. Where it is not all there when
// the form is drawn, the phone's own face stays: no line ever moves under a finger.

const SCRIPTS = {
  thai: "U+02D7, U+0303, U+0331, U+0E01-0E5B, U+200C-200D, U+25CC",
  latin:
    "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0304, U+0308, U+0329, " +
    "U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD",
};

/** All of the face, as soon as it is there, under a name that the page around a form does not use. */
export const ready = Promise.all(
  Object.entries(SCRIPTS).flatMap(([script, unicodeRange]) =>
    ["400", "700"].map((weight) => {
      const address = new URL(`sarabun-${script}-${weight}.woff2`, import.meta.url);
      const source = `url("${address}") format("woff2")`;
      return new FontFace("e-form Sarabun", source, { weight, unicodeRange }).load();
    }),
  ),
);
