// Leaves the limit of bodies at the 100 kB of Express, though a batch may have 2 MB (item 33).
'use strict'
const express = require('../node/node_modules/express')
const { serve } = require('./express_base.cjs')

serve({ parser: express.raw({ type: () => true }) })
