// Opens a file with a passphrase by the npm package of age's author.
import { Decrypter, armor } from "age-encryption";
import { readFileSync } from "node:fs";

const [, , file, passphrase] = process.argv;
const decrypter = new Decrypter();
decrypter.addPassphrase(passphrase);
process.stdout.write(await decrypter.decrypt(armor.decode(readFileSync(file, "utf8")), "text"));
