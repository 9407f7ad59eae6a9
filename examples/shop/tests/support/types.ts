export interface Failure {
  error: string;
}

export interface Product {
  id: number;
  sku: string;
  categoryId: number;
  name: string;
  description: string | null;
  price: string;
  stock: number;
  status: string;
  attributes: unknown;
  imageChecksum: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface ProductDetail extends Product {
  category: string;
  availability: string;
  tags: string[];
  rating: { count: number; average: string };
}

export interface ProductPage {
  products: Product[];
  total: number;
  page: number;
  pageSize: number;
}

export interface Category {
  id: number;
  parentId: number | null;
  name: string;
  position: number;
}

export interface CategoryDetail extends Category {
  path: string[];
  children: Category[];
  productCount: number;
}

export interface Address {
  id: number;
  label: string;
  line1: string;
  line2: string | null;
  city: string;
  postcode: string;
  country: string;
  isDefault: boolean;
}

export interface Customer {
  id: string;
  email: string;
  name: string;
  phone: string | null;
  birthDate: string | null;
  contactBy: string[];
  loyaltyPoints: string;
  isActive: boolean;
  createdAt: string;
  addresses: Address[];
}

export interface Cart {
  items: { productId: number; sku: string; name: string; price: string; quantity: number; inStock: boolean }[];
  total: string;
}

export interface Order {
  id: string;
  customerId: string;
  addressId: number | null;
  status: string;
  total: string;
  note: string | null;
  placedAt: string;
  cancelledAt: string | null;
}

export interface OrderDetail extends Order {
  customer: string;
  shipTo: string | null;
  lines: {
    lineNo: number;
    productId: number;
    product: string;
    category: string;
    unitPrice: string;
    quantity: number;
    total: string;
  }[];
}

export interface OrderPage {
  orders: Order[];
  total: number;
  counts: Record<string, number>;
  spent: string;
}

export interface Notifications {
  notifications: { id: string; kind: string; message: string; isRead: boolean; createdAt: string }[];
  unread: number;
}

export interface Devices {
  devices: { pushToken: string; platform: string; expiresAt: string; registeredAt: string }[];
}

export interface Reviews {
  reviews: {
    id: number;
    author: string;
    rating: number;
    body: string | null;
    isVerified: boolean;
    createdAt: string;
  }[];
  total: number;
}
