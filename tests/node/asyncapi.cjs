// What the parser of the AsyncAPI project says about documents. They are JSON on standard input:
// name -> text; for each name a list of complaints is written, which is empty for a good one.
'use strict'
const fs = require('node:fs')
const { Parser } = require('@asyncapi/parser')

const NEWER_VERSION = 'asyncapi-latest-version' // 3.1 is there; 3.0 is what more programs read

const parser = new Parser() // one for all: it takes a second to make

async function complaints (text) {
  const { document, diagnostics } = await parser.parse(text)
  const found = diagnostics.filter((each) => each.code !== NEWER_VERSION)
  const said = found.map((each) => `${each.path.join('/')}: ${each.message}`)
  return document ? said : [...said, 'no document']
}

async function main () {
  const all = {}
  for (const [name, text] of Object.entries(JSON.parse(fs.readFileSync(0, 'utf8')))) {
    all[name] = await complaints(text)
  }
  process.stdout.write(JSON.stringify(all))
}

main()
