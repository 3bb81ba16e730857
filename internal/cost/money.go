package cost

import (
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// printer groups digits by thousands.
var printer = message.NewPrinter(language.English)

// digits returns an amount as people read it: 4,368.58.
func digits(amount float64) string { return printer.Sprintf("%.2f", amount) }

// money is digits with the currency.
func money(amount float64) string { return digits(amount) + " " + Currency }

// amount is money, and says whether it is a lower bound.
func (e Estimate) amount(of float64) string {
	if e.LowerBound() {
		return "at least " + money(of)
	}
	return money(of)
}
