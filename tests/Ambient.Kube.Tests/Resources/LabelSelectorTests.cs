using Ambient.Kube.Resources;

namespace Ambient.Kube.Tests.Resources;

public sealed class LabelSelectorTests
{
    private static readonly Dictionary<string, string> Labels = new() { ["app"] = "orders" };

    [Theory]
    [InlineData("app", "In", "orders", true)]
    [InlineData("app", "NotIn", "orders", false)]
    [InlineData("tier", "NotIn", "x", true)]
    [InlineData("app", "Exists", "", true)]
    [InlineData("tier", "DoesNotExist", "", true)]
    [InlineData("app", "Sounds", "orders", false)]
    public void Matches_Expression(string key, string @operator, string value, bool expected)
    {
        var selector = new LabelSelector { MatchExpressions = [new LabelSelectorRequirement { Key = key, Operator = @operator, Values = [value] }] };
        Assert.Equal(expected, selector.Matches(Labels));
    }

    [Fact]
    public void Matches_Empty_SelectsEverything() => Assert.True(new LabelSelector().Matches(Labels));
}
