'use strict';

const { refusal } = require('./errors');

function isDay(value) {
    return (
        typeof value === 'string' &&
        /^\d{4}-\d\d-\d\d$/.test(value) &&
        new Date(value).toJSON()?.startsWith(value) === true
    );
}

const KINDS = {
    text: (value) => typeof value === 'string' && value.trim() !== '',
    id: (value) => Number.isInteger(value) && value > 0,
    money: (value) => typeof value === 'number' && value >= 0,
    flag: (value) => typeof value === 'boolean',
    days: (value) => Number.isInteger(value) && value >= 1 && value <= 90,
    day: isDay
};

/** Takes the fields of a body by kind (`text`, or `text?` for what may be left out), and nothing else. */
function fields(body, kinds) {
    const taken = {};
    Object.keys(kinds).forEach(function (name) {
        const optional = kinds[name].endsWith('?');
        const value = body === undefined ? undefined : body[name];
        if (value === undefined && optional) return;
        if (!KINDS[kinds[name].replace('?', '')](value))
            throw refusal(400, 'wrong or missing: ' + name);
        taken[name] = value;
    });
    return taken;
}

/** A number from the path or the query. */
function number(text, name) {
    if (!/^\d{1,9}$/.test(text)) throw refusal(400, 'wrong or missing: ' + name);
    return Number(text);
}

function day(text, name) {
    if (!isDay(text)) throw refusal(400, 'wrong or missing: ' + name);
    return text;
}

module.exports = { fields, number, day };
