using Ambient.Core.Policies;

namespace Ambient.Core.Tests.Policies;

public class StringMatchTests
{
    [Theory]
    [InlineData("abc", "abc", true)]
    [InlineData("abc", "ABC", false)]
    [InlineData("abc", "abcd", false)]
    [InlineData("abc*", "abc", true)]
    [InlineData("abc*", "abcdef", true)]
    [InlineData("abc*", "xabc", false)]
    [InlineData("*abc", "abc", true)]
    [InlineData("*abc", "xyzabc", true)]
    [InlineData("*abc", "abcx", false)]
    [InlineData("*", "a", true)]
    [InlineData("*", "", false)]
    [InlineData("", "", true)]
    [InlineData("a*b", "axb", false)]
    [InlineData("a*b", "a*b", true)]
    [InlineData("a.c", "abc", false)]
    [InlineData("a.c*", "abcd", false)]
    public void Matches_Row_IsAsWritten(string pattern, string value, bool expected) =>
        Assert.Equal(expected, StringMatch.Parse(pattern).Matches(value));

    [Fact]
    public void Matches_RandomPatterns_AgreesWithItsDefinition()
    {
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            string core = Word(random);
            string value = random.Next(2) == 0 ? Word(random) + core + Word(random) : Word(random);

            Assert.Equal(value == core, StringMatch.Parse(core).Matches(value));
            if (core.Length > 0)
            {
                Assert.Equal(value.Length >= core.Length && value[..core.Length] == core, StringMatch.Parse(core + "*").Matches(value));
                Assert.Equal(
                    value.Length >= core.Length && value[^core.Length..] == core,
                    StringMatch.Parse("*" + core).Matches(value));
            }
        }
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("abc*")]
    [InlineData("*abc")]
    [InlineData("*")]
    public void ToString_OfParsed_IsTheSameText(string pattern) => Assert.Equal(pattern, StringMatch.Parse(pattern).ToString());

    private static string Word(Random random) => string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => "ab/"[random.Next(3)]));
}
