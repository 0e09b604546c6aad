using System.Text;
using Ambient.Resources.Istio.Security;
using Ambient.Resources.Manifests;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Tests.Schemas;

public sealed class ResourceReaderTests
{
    [Theory]
    [InlineData("{ acton: DENY }", "spec.acton", "did you mean action?")]
    [InlineData("{ rules: [{ form: [] }] }", "spec.rules[0].form", "did you mean from?")]
    [InlineData("{ rules: [{ nonsense: 1 }] }", "spec.rules[0].nonsense", "is not a field")]
    [InlineData("{ action: deny }", "spec.action", "is not one of ALLOW, DENY")]
    [InlineData("{ rules: {} }", "spec.rules", "must be a list")]
    [InlineData("{ rules: [null] }", "spec.rules[0]", "must not be null")]
    [InlineData("{ rules: [{ when: [{ values: [a] }] }] }", "spec.rules[0].when[0].key", "is required")]
    [InlineData("{ selector: { matchLabels: { app: 7 } } }", "spec.selector.matchLabels.app", "must be text")]
    public void Spec_WithAFault_IsReportedWithItsPath(string spec, string path, string message)
    {
        var problem = Assert.Single(ResourceReader.Check<AuthorizationPolicySpec>(Spec(spec)));
        Assert.Equal(path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Spec_OverALimit_IsReported()
    {
        string values = string.Join(", ", Enumerable.Repeat("a", 1025));
        Assert.Contains("at most 1024", Assert.Single(ResourceReader.Check<AuthorizationPolicySpec>(
            Spec($"{{ rules: [{{ from: [{{ source: {{ namespaces: [{values}] }} }}] }}] }}"))).Message, StringComparison.Ordinal);
        Assert.Contains("at most 2048", Assert.Single(ResourceReader.Check<AuthorizationPolicySpec>(
            Spec($"{{ rules: [{{ from: [{{ source: {{ namespaces: [{new string('a', 2049)}] }} }}] }}] }}"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AbsentSpec_ReadsAsAnEmptyOne() => Assert.Null(ResourceReader.Read<AuthorizationPolicySpec>(null).Rules);

    private static System.Text.Json.Nodes.JsonNode Spec(string spec) => ManifestReader.ReadText(
        Encoding.UTF8.GetBytes($"apiVersion: v1\nkind: X\nmetadata: {{ name: x }}\nspec: {spec}\n"), "test").Objects.Single().Content["spec"]!;
}
