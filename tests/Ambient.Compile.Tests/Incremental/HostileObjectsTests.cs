using System.Text;
using System.Text.Json.Nodes;
using Ambient.Compile.Reports;

namespace Ambient.Compile.Tests.Incremental;

/// <summary>Objects that no API server should hand out: each is told of by field and reason, and the mesh goes on.</summary>
public sealed class HostileObjectsTests
{
    [Fact]
    public void Put_NameOfAKilobyte_IsRefusedByFieldAndLosesNothingElse()
    {
        var compiler = Filled();
        compiler.Put(Mesh.Objects(Mesh.Pod("shop", new string('x', 1024), "10.0.0.2")).Single());
        compiler.Put(Mesh.Objects(Mesh.Authz("shop", new string('y', 1024), "{ action: DENY, rules: [{}] }")).Single());
        compiler.Put(Mesh.Objects(Mesh.Pod("shop", "b", "10.0.0.3")).Single());
        var delta = compiler.Flush();
        Assert.Equal("b", Assert.Single(delta.Update.Workloads).Name);
        Assert.Equal(2, compiler.Result().Findings.Count(f => f is { Code: FindingCodes.InvalidField, Field: "metadata.name" } && f.Name.Length == 1024));
    }

    [Fact]
    public void Put_NewPolicyThatIsNoText_DeniesAndSaysSo()
    {
        var compiler = Filled();
        compiler.Put(Policy("\xC3("));
        var delta = compiler.Flush();
        Assert.Equal("shop/ambient_refused_p", Assert.Single(delta.Update.Policies).Key);
        var condition = Assert.Single(delta.Status).Conditions[0];
        Assert.Equal(("False", "Invalid"), (condition.Status, condition.Reason));
        Assert.Contains("spec", condition.Message, StringComparison.Ordinal);
        Assert.Contains("UTF-8", condition.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Put_ChangeThatIsNoText_LeavesTheLastGoodInForce()
    {
        var compiler = Filled();
        compiler.Put(Policy("GET"));
        compiler.Put(Mesh.Objects(Mesh.Pod("shop", "b", "10.0.0.3", "{ app: b }")).Single());
        compiler.Flush();
        compiler.Put(Policy("\xFF"));
        compiler.Put((JsonObject)JsonNode.Parse("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"b","namespace":"shop","labels":{"app":"\ud800"}}}""")!);
        var delta = compiler.Flush();
        Assert.True(delta.Update.IsEmpty);
        Assert.Contains("last good version", Assert.Single(delta.Status).Conditions[0].Message, StringComparison.Ordinal);
        Assert.NotNull(compiler.Result().Policy("shop/p"));
        Assert.Contains(compiler.Result().Findings, f => f is { Name: "b", Field: "metadata.labels.app" });
    }

    [Fact]
    public void Put_NameThatIsNoText_ChangesNothing()
    {
        var compiler = Filled();
        compiler.Put((JsonObject)JsonNode.Parse("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"\udc00","namespace":"shop"}}""")!);
        Assert.True(compiler.Flush().Update.IsEmpty);
        Assert.Contains(compiler.Result().Findings, f => f.Code == FindingCodes.InvalidObject);
    }

    [Fact]
    public void Put_ThousandsOfProblems_StatusStaysShort()
    {
        var compiler = Filled();
        string ports = string.Join(", ", Enumerable.Range(0, 20).Select(static i => $"'{new string('x', 2000)}{i}'"));
        string rules = string.Join(", ", Enumerable.Repeat($"{{ to: [{{ operation: {{ ports: [{ports}] }} }}] }}", 50));
        compiler.Put(Mesh.Objects(Mesh.Authz("shop", "p", $"{{ rules: [{rules}] }}")).Single());
        string message = Assert.Single(compiler.Flush().Status).Conditions[0].Message;
        Assert.InRange(message.Length, 100, 32_768);
        Assert.Contains("spec.rules[0].to[0].operation.ports[0]", message, StringComparison.Ordinal);
        Assert.Contains("more problems", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Put_PolicyOfTenMegabytes_IsRefusedByFieldAndOthersGoOn()
    {
        var compiler = Filled();
        var principals = new JsonArray([.. Enumerable.Range(0, 200_000).Select(static i => JsonValue.Create($"cluster.local/ns/shop/sa/account-number-{i:D10}"))]);
        var policy = Mesh.Objects(Mesh.Authz("shop", "p", "{ selector: { matchLabels: { app: a } }, rules: [{ from: [{ source: { principals: [] } }] }] }")).Single();
        policy["spec"]!["rules"]![0]!["from"]![0]!["source"]!["principals"] = principals;
        Assert.InRange(Encoding.UTF8.GetByteCount(policy.ToJsonString()), 10_000_000, 20_000_000);
        compiler.Put(policy);
        compiler.Put(Mesh.Objects(Mesh.Pod("shop", "b", "10.0.0.3")).Single());
        var delta = compiler.Flush();
        string message = Assert.Single(delta.Status).Conditions[0].Message;
        Assert.StartsWith("spec.rules[0].from[0].source.principals: has 200000 items", message, StringComparison.Ordinal);
        Assert.Equal("shop/ambient_refused_p", Assert.Single(delta.Update.Policies).Key);
        Assert.Equal(["a", "b"], delta.Update.Workloads.Select(static w => w.Name).Order());
    }

    /// <summary>Latin-1 makes one byte of each character: bytes that need not be UTF-8.</summary>
    private static JsonObject Policy(string method) => (JsonObject)JsonNode.Parse(Encoding.Latin1.GetBytes(
        """{"apiVersion":"security.istio.io/v1","kind":"AuthorizationPolicy","metadata":{"name":"p","namespace":"shop"},"spec":{"action":"DENY","rules":[{"to":[{"operation":{"methods":["METHOD"]}}]}]}}"""
            .Replace("METHOD", method, StringComparison.Ordinal)))!;

    private static IncrementalCompiler Filled()
    {
        var compiler = new IncrementalCompiler(CompileOptions.Default);
        compiler.Put(Mesh.Objects(Mesh.Pod("shop", "a", "10.0.0.1", "{ app: a }")).Single());
        compiler.Flush();
        return compiler;
    }
}
