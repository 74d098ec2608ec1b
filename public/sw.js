const PRECACHE = { version: "dev", files: [] };
