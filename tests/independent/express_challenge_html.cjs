// Answers the challenge with send alone, which makes HTML of it (items 53, 54).
'use strict'
const { serve } = require('./express_base.cjs')

serve({ answerChallenge: (request, response) => response.send(request.query.challenge) })
