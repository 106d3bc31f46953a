namespace FerMl.Tests;

public class PlainTextTests
{
    [TestCase("happy", "happy")]
    [TestCase("Ärger 😀\n\tüber", "Ärger 😀\n\tüber")]
    [TestCase("\u001b[31mred", "\uFFFD[31mred")]
    [TestCase("\u009b31mred", "\uFFFD31mred")]
    [TestCase("a\u0000b\u007fc", "a\uFFFDb\uFFFDc")]
    [TestCase("gpj.\u202Eexe", "gpj.\uFFFDexe")]
    public void Clean_WhatActs_IsReplaced(string text, string expected) => Assert.That(PlainText.Clean(text), Is.EqualTo(expected));

    [Test]
    public void Clean_HalfACharacter_IsReplaced() => Assert.That(PlainText.Clean("half \uD83D"), Is.EqualTo("half \uFFFD"));

    [TestCase("=HYPERLINK(1)", "'=HYPERLINK(1)")]
    [TestCase("+1+1", "'+1+1")]
    [TestCase("@SUM(A1)", "'@SUM(A1)")]
    [TestCase("-cmd", "'-cmd")]
    [TestCase("-0.25", "-0.25")]
    [TestCase("1E-05", "1E-05")]
    [TestCase("a=b", "a=b")]
    public void Cell_Formulas_AreTexts(string text, string expected) => Assert.That(PlainText.Cell(text), Is.EqualTo(expected));
}
