using Ambient.Compile.Reports;
using Ambient.Core.Policies;

namespace Ambient.Compile.Tests.Incremental;

public sealed class LastGoodTests
{
    private const string Good = "{ action: DENY, rules: [{ to: [{ operation: { ports: ['22'] } }] }] }";

    [Fact]
    public void RefusedChange_OfAPolicy_LeavesTheLastGoodInForceAndSaysSo()
    {
        var compiler = New(Mesh.Pod("shop", "a", "10.0.0.1"), Mesh.Authz("shop", "p", Good));
        Put(compiler, Mesh.Authz("shop", "p", "{ action: DENY, rules: [{ to: [{ operation: { ports: ['x'] } }] }] }"));
        var delta = compiler.Flush();
        Assert.True(delta.Update.IsEmpty);
        Assert.Equal("False", Assert.Single(delta.Status).Conditions[0].Status);
        Assert.Contains("last good version", delta.Status[0].Conditions[0].Message, StringComparison.Ordinal);
        Assert.Contains(compiler.Result().Findings, f => f.Code == FindingCodes.LastGoodKept);
        Assert.Equal([(ushort)22], compiler.Result().Policy("shop/p")!.OnlyMatch().DestinationPorts);

        Put(compiler, Mesh.Authz("shop", "p", Good));
        delta = compiler.Flush();
        Assert.True(delta.Update.IsEmpty);
        Assert.Equal("True", Assert.Single(delta.Status).Conditions[0].Status);
    }

    [Fact]
    public void RefusedChange_OfAPeerAuthentication_KeepsItsMode()
    {
        var compiler = New(Mesh.Pod("shop", "a", "10.0.0.1"), Mesh.Peer("shop", "p", "{ mtls: { mode: PERMISSIVE } }"));
        Put(compiler, Mesh.Peer("shop", "p", "{ mtls: { mode: NONSENSE } }"));
        Assert.True(compiler.Flush().Update.IsEmpty);
        Assert.False(compiler.Result().RefusesPlaintext("a", 80));
    }

    [Fact]
    public void NewRefusedPolicy_OnceRepaired_StopsDenyingAll()
    {
        var compiler = New(Mesh.Pod("shop", "a", "10.0.0.1"), Mesh.Authz("shop", "p", "{ action: DENI }"));
        Assert.NotNull(compiler.Result().Policy("shop/ambient_refused_p"));
        Put(compiler, Mesh.Authz("shop", "p", Good));
        var delta = compiler.Flush();
        Assert.Equal(["shop/ambient_refused_p"], delta.Update.RemovedPolicies);
        Assert.Equal(PolicyAction.Deny, Assert.Single(delta.Update.Policies).Action);
    }

    /// <summary>What is only written down about is listed nowhere; once it denies, the same workloads must list it.</summary>
    [Theory]
    [InlineData("AUDIT", "DENY", true)]
    [InlineData("DENY", "AUDIT", false)]
    public void Policy_ThatBeginsOrEndsToDecide_IsListedByThoseThatItSelects(string before, string after, bool listed)
    {
        string Policy(string action) => Mesh.Authz("shop", "p", $"{{ selector: {{ matchLabels: {{ app: a }} }}, action: {action}, rules: [{{ to: [{{ operation: {{ methods: [DELETE] }} }}] }}] }}");
        var compiler = New(Mesh.Pod("shop", "a", "10.0.0.1", "{ app: a }"), Policy(before));
        compiler.Flush();

        Put(compiler, Policy(after));
        compiler.Flush();

        Assert.Equal(listed, compiler.Result().Workload("a").AuthorizationPolicies.Contains("shop/p"));
    }

    [Fact]
    public void UnreadablePod_LeavesTheLastGoodOne()
    {
        var compiler = New(Mesh.Pod("shop", "a", "10.0.0.1"));
        Put(compiler, Mesh.Pod("shop", "a", "10.0.0.999"));
        Assert.True(compiler.Flush().Update.IsEmpty);
        Assert.Contains(compiler.Result().Findings, f => f is { Name: "a", Code: FindingCodes.InvalidField } && f.Field.StartsWith("status.podIP", StringComparison.Ordinal));
        Assert.Equal("10.0.0.1", compiler.Result().Workload("a").Addresses.Single().ToString());
    }

    private static IncrementalCompiler New(params string[] yaml)
    {
        var compiler = new IncrementalCompiler(CompileOptions.Default);
        foreach (string text in yaml)
        {
            Put(compiler, text);
        }

        compiler.Flush();
        return compiler;
    }

    private static void Put(IncrementalCompiler compiler, string yaml) => compiler.Put(Mesh.Objects(yaml).Single());
}
