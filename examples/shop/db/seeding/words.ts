export const FIRST_NAMES = [
  'Anna', 'Björn', 'Chloé', 'Dmitri', 'Élodie', 'Fatima', 'Giulia', 'Hiro', 'İpek', 'João', 'Kateřina', 'Łukasz',
  'María', 'Nguyễn', 'Ólafur', 'Priya', 'Quentin', 'Rosa', 'Søren', 'Tomáš', 'Ulla', 'Víctor', 'Wei', 'Ximena',
]; // prettier-ignore

export const LAST_NAMES = [
  'Andersson', 'Bauer', 'Costa', 'Dubois', 'Eriksen', 'Fischer', 'García', 'Haas', 'Ivanov', 'Jansen', 'Kovács',
  'Lindqvist', 'Müller', 'Novák', "O'Brien", 'Petrov', 'Rossi', 'Silva', 'Tanaka', 'Weiß', 'Yılmaz', '李', '山田',
]; // prettier-ignore

export const CITIES = [
  'Århus',
  'Berlin',
  'Córdoba',
  'Delft',
  'Évora',
  'Gdańsk',
  'Kyōto',
  'Malmö',
  'São Paulo',
  'Zürich',
];
export const COUNTRIES = ['DK', 'DE', 'ES', 'NL', 'PT', 'PL', 'JP', 'SE', 'BR', 'CH'];
export const STREETS = [
  'Birch Lane',
  'Canal Street',
  'Dock Road',
  'Elm Avenue',
  'Lindenstraße',
  'Rue du Four',
  'Via Roma',
];

export const MATERIALS = ['Oak', 'Steel', 'Linen', 'Copper', 'Wool', 'Glass', 'Cork', 'Ceramic', 'Bamboo', 'Leather'];
export const THINGS = [
  'Lamp', 'Table', 'Kettle', 'Basket', 'Blanket', 'Clock', 'Mirror', 'Bowl', 'Chair', 'Vase', 'Tray', 'Knife', 'Stool',
]; // prettier-ignore
export const SUFFIXES = ['', '', '', ' Mini', ' XL', ' ✨', ' 🌿', ' “Classic”', " 12''", ' 100%'];

export const CATEGORY_NAMES = [
  'Kitchen',
  'Living room',
  'Bedroom',
  'Garden',
  'Office',
  'Bathroom',
  'Hallway',
  'Workshop',
];
export const TAG_NAMES = [
  'new', 'sale', 'handmade', 'vegan', 'gift', 'outdoor', 'café', 'eco', 'last chance', 'best seller', '🎁', 'limited',
]; // prettier-ignore

export const REMARKS = [
  'Exactly as described.',
  'Arrived late, but intact.',
  'Lovely! 😍👍🏽',
  'It says "oak"; it is not.',
  'Ça va très bien.\nMerci!',
  'Rather small \\ rather dear.',
  '',
];
