/** The beginning of Adam Smith, The Wealth of Nations (1776), book one, chapter one, cut into pages. */
export const pages = [
  `The greatest improvement in the productive powers of labour, and the greater part of the skill, dexterity, and
  judgment, with which it is anywhere directed, or applied, seem to have been the effects of the division of labour.`,
  `To take an example, therefore, from a very trifling manufacture, but one in which the division of labour has been
  very often taken notice of, the trade of a pin-maker: a workman not educated to this business, nor acquainted with
  the use of the machinery employed in it, could scarce, perhaps, with his utmost industry, make one pin in a day, and
  certainly could not make twenty.`,
  `But in the way in which this business is now carried on, not only the whole work is a peculiar trade, but it is
  divided into a number of branches, of which the greater part are likewise peculiar trades.`,
  `One man draws out the wire; another straights it; a third cuts it; a fourth points it; a fifth grinds it at the top
  for receiving the head; to make the head requires two or three distinct operations; to put it on is a peculiar
  business; to whiten the pins is another; it is even a trade by itself to put them into the paper.`,
];
