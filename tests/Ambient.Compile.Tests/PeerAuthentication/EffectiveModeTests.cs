namespace Ambient.Compile.Tests.PeerAuthentication;

public sealed class EffectiveModeTests
{
    private const string Strict = "{ mtls: { mode: STRICT } }";
    private const string Permissive = "{ mtls: { mode: PERMISSIVE } }";
    private const string Static = "ambient-system/istio_converted_static_strict";

    private static readonly string Pods = Mesh.Pod("shop", "a", "10.0.0.1", "{ app: a }") + "\n" + Mesh.Pod("other", "b", "10.0.0.2", "{ app: b }");

    /// <summary>Which workloads refuse plaintext, for policies in their scopes.</summary>
    public static TheoryData<string, bool, bool> Scopes => new()
    {
        { "", false, false },
        { Mesh.Peer("ambient-system", "default", Strict), true, true },
        { Mesh.Peer("istio-system", "default", Strict), true, true },
        { Mesh.Peer("shop", "default", Strict), true, false },
        { Mesh.Peer("ambient-system", "default", Strict) + "\n" + Mesh.Peer("shop", "default", Permissive), false, true },
        { Mesh.Peer("ambient-system", "default", Strict) + "\n" + Mesh.Peer("shop", "default", "{ mtls: { mode: DISABLE } }"), false, true },
        { Mesh.Peer("ambient-system", "default", Strict) + "\n" + Mesh.Peer("shop", "default", "{ mtls: { mode: UNSET } }"), true, true },
        { Mesh.Peer("ambient-system", "default", Strict) + "\n" + Mesh.Peer("shop", "default", "{}"), true, true },
        { Mesh.Peer("shop", "a", "{ selector: { matchLabels: { app: a } }, mtls: { mode: STRICT } }"), true, false },
        { Mesh.Peer("shop", "a", "{ selector: { matchLabels: { app: b } }, mtls: { mode: STRICT } }"), false, false },
        { Mesh.Peer("ambient-system", "b", "{ selector: { matchLabels: { app: b } }, mtls: { mode: STRICT } }"), false, true },
        { Mesh.Peer("shop", "default", Strict) + "\n" + Mesh.Peer("shop", "a", "{ selector: { matchLabels: { app: a } }, mtls: { mode: PERMISSIVE } }"), false, false },
        { Mesh.Peer("ambient-system", "a", "{ selector: { matchLabels: { app: a } }, mtls: { mode: STRICT } }")
            + "\n" + Mesh.Peer("shop", "a", "{ selector: { matchLabels: { app: a } }, mtls: { mode: PERMISSIVE } }"), false, false },
    };

    [Theory]
    [MemberData(nameof(Scopes))]
    public void Workload_UnderPoliciesOfSeveralScopes_TakesTheNearest(string policies, bool a, bool b)
    {
        var result = Mesh.Compile(Pods, policies);
        Assert.Equal(a, result.RefusesPlaintext("a", 80));
        Assert.Equal(b, result.RefusesPlaintext("b", 80));
    }

    /// <summary>The shared policy cannot say whose STRICT it is, so each workload does.</summary>
    [Theory]
    [InlineData("ambient-system", "{ mtls: { mode: STRICT } }", "", "ambient-system/p")]
    [InlineData("shop", "{ mtls: { mode: STRICT } }", "", "shop/p")]
    [InlineData("shop", "{ selector: { matchLabels: { app: a } }, mtls: { mode: STRICT } }", "", "shop/p")]
    [InlineData("shop", "{ selector: { matchLabels: { app: a } } }", "{ mtls: { mode: STRICT } }", "shop/default")]
    [InlineData("shop", "{ mtls: { mode: PERMISSIVE } }", "", null)]
    [InlineData("shop", "{ selector: { matchLabels: { app: a } }, mtls: { mode: STRICT }, portLevelMtls: { 80: { mode: DISABLE } } }", "", null)]
    [InlineData("shop", "{ mtls: { mode: STRIKT } }", "", "shop/p")]
    public void Strict_OfEveryScope_IsPutDownToItsPeerAuthentication(string ns, string spec, string inherited, string? origin)
    {
        var result = Mesh.Compile(Pods, Mesh.Peer(ns, "p", spec), inherited.Length > 0 ? Mesh.Peer("shop", "default", inherited) : "");

        Assert.Equal(origin is null ? null : "PeerAuthentication " + origin, result.Workload("a").StrictOrigin?.ToString());
        Assert.Equal(origin is not null, result.Workload("a").AuthorizationPolicies.Contains(Static));
    }

    [Fact]
    public void TwoOfOneScope_OlderWins_YoungerIsReported()
    {
        var result = Mesh.Compile(
            Pods, Mesh.Peer("shop", "young", Permissive, "2026-02-01T00:00:00Z"), Mesh.Peer("shop", "zold", Strict, "2026-01-01T00:00:00Z"));
        Assert.Equal([Static], result.Workload("a").AuthorizationPolicies);
        var young = Assert.Single(result.Status, s => s.Name == "young");
        Assert.Equal(("Accepted", "False", "Conflicted"), (young.Conditions[0].Type, young.Conditions[0].Status, young.Conditions[0].Reason));
    }

    /// <summary>Mode of the policy, mode of port 8080, mode of the namespace: who is refused on 8080 and on any other port.</summary>
    [Theory]
    [InlineData("STRICT", "PERMISSIVE", "UNSET", false, true)]
    [InlineData("STRICT", "DISABLE", "UNSET", false, true)]
    [InlineData("STRICT", "STRICT", "UNSET", true, true)]
    [InlineData("STRICT", "UNSET", "UNSET", true, true)]
    [InlineData("PERMISSIVE", "STRICT", "UNSET", true, false)]
    [InlineData("DISABLE", "STRICT", "STRICT", true, false)]
    [InlineData("PERMISSIVE", "PERMISSIVE", "STRICT", false, false)]
    [InlineData("UNSET", "STRICT", "UNSET", true, false)]
    [InlineData("UNSET", "STRICT", "STRICT", true, true)]
    [InlineData("UNSET", "PERMISSIVE", "STRICT", false, true)]
    [InlineData("UNSET", "PERMISSIVE", "PERMISSIVE", false, false)]
    [InlineData("UNSET", "UNSET", "STRICT", true, true)]
    public void PortLevel_WithModeAndInheritedMode_RefusesExactlyTheStrictPorts(string mode, string port, string ns, bool on8080, bool elsewhere)
    {
        var result = Mesh.Compile(
            Pods,
            Mesh.Peer("shop", "default", $"{{ mtls: {{ mode: {ns} }} }}"),
            Mesh.Peer("shop", "ports", $"{{ selector: {{ matchLabels: {{ app: a }} }}, mtls: {{ mode: {mode} }}, portLevelMtls: {{ 8080: {{ mode: {port} }} }} }}"));
        Assert.Equal(on8080, result.RefusesPlaintext("a", 8080));
        Assert.Equal(elsewhere, result.RefusesPlaintext("a", 9090));
    }

    [Fact]
    public void PortLevel_TwoExceptionsUnderStrict_AreOneMatchThatExceptsBoth()
    {
        var result = Mesh.Compile(Pods, Mesh.Peer("shop", "ports",
            "{ selector: { matchLabels: { app: a } }, mtls: { mode: STRICT }, portLevelMtls: { 80: { mode: PERMISSIVE }, 81: { mode: DISABLE }, 82: { mode: STRICT } } }"));
        var policy = result.Policy("shop/converted_peer_authentication_ports")!;
        Assert.Equal([(ushort)80, (ushort)81], policy.OnlyMatch().NotDestinationPorts);
        Assert.Empty(policy.OnlyMatch().DestinationPorts);
    }

    [Fact]
    public void RootSelectorThatInherits_TakesTheModeOfEachWorkloadsNamespace()
    {
        var result = Mesh.Compile(
            Mesh.Pod("shop", "a", "10.0.0.1", "{ app: x }"), Mesh.Pod("other", "b", "10.0.0.2", "{ app: x }"), Mesh.Peer("shop", "default", Strict),
            Mesh.Peer("ambient-system", "ports", "{ selector: { matchLabels: { app: x } }, portLevelMtls: { 80: { mode: PERMISSIVE }, 81: { mode: STRICT } } }"));
        Assert.Equal((false, true, true), (result.RefusesPlaintext("a", 80), result.RefusesPlaintext("a", 81), result.RefusesPlaintext("a", 82)));
        Assert.Equal((false, true, false), (result.RefusesPlaintext("b", 80), result.RefusesPlaintext("b", 81), result.RefusesPlaintext("b", 82)));
    }

    [Theory]
    [InlineData("{ mtls: { mode: STRIKT } }", "spec.mtls.mode")]
    [InlineData("{ mtl: { mode: PERMISSIVE } }", "spec.mtl")]
    [InlineData("{ portLevelMtls: { 80: { mode: STRICT } } }", "spec.portLevelMtls")]
    [InlineData("{ selector: { matchLabels: { app: a } }, portLevelMtls: { 70000: { mode: STRICT } } }", "spec.portLevelMtls.70000")]
    [InlineData("{ selector: { matchLabels: { app: a } }, portLevelMtls: { http: { mode: STRICT } } }", "spec.portLevelMtls.http")]
    public void NewOneThatIsRefused_CountsAsStrictAndNamesTheField(string spec, string field)
    {
        var result = Mesh.Compile(Pods, Mesh.Peer("shop", "bad", spec));
        Assert.True(result.RefusesPlaintext("a", 80));
        Assert.False(result.RefusesPlaintext("b", 80));
        Assert.Contains(result.Findings, f => f.Field == field && f.Name == "bad");
        Assert.StartsWith(field + ":", Assert.Single(result.Status).Conditions[0].Message, StringComparison.Ordinal);
    }
}
