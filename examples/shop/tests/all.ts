// All tests in one process: starting one for each file takes longer than the tests themselves.
import './http.test.js';
import './categories.test.js';
import './products.test.js';
import './product-list.test.js';
import './tags.test.js';
import './customers.test.js';
import './addresses.test.js';
import './devices.test.js';
import './notifications.test.js';
import './cart.test.js';
import './checkout.test.js';
import './orders.test.js';
import './reviews.test.js';
import './admin.test.js';
