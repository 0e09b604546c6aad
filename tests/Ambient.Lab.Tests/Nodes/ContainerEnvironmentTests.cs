using Ambient.Lab.Nodes;

namespace Ambient.Lab.Tests.Nodes;

public sealed class ContainerEnvironmentTests
{
    private static readonly Dictionary<string, string> Known = new() { ["A"] = "1", ["B_C"] = "2" };

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("$(A)-$(B_C)", "1-2")]
    [InlineData("$(UNKNOWN)", "$(UNKNOWN)")]
    [InlineData("$$(A)", "$(A)")]
    [InlineData("$A ${A} $(", "$A ${A} $(")]
    public void Expand_ReplacesKnownNamesOnly(string text, string expected) => Assert.Equal(expected, ContainerEnvironment.Expand(text, Known));
}
