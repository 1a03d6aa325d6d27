// Reads bodies of application/json only: those of CloudEvents stay empty (item 31).
'use strict'
const express = require('../node/node_modules/express')
const { serve } = require('./express_base.cjs')

serve({ parser: express.raw({ type: 'application/json', limit: '4mb' }) })
