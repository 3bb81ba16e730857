// Package store is the contract between the data stores and the services: what a stack's file says of every store, and
// what a store hands to a service, the same whatever provides it.
package store
