/** What `sifaka --version` is measured against: a program that prints one line. */
console.log("nothing");
