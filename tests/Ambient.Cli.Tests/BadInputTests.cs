using System.Text;
using System.Text.Json.Nodes;

namespace Ambient.Cli.Tests;

/// <summary>Whatever is wrong with a file or an object, the answer names it, the field and the reason, and the exit code says that something is.</summary>
public sealed class BadInputTests
{
    private const string Policy = "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: p, namespace: shop }\nspec: ";

    /// <summary>What is in the file; the field that the finding names; a part of its message.</summary>
    public static TheoryData<string, string, string> Objects => new()
    {
        { Policy + "{ rules: [{ from: [{ source: { notPrincipal: [a] } }] }] }", "spec.rules[0].from[0].source.notPrincipal", "did you mean notPrincipals" },
        { Policy + "{ rules: [{ from: [{ source: { ipBlocks: [10.0.0.0/33] } }] }] }", "spec.rules[0].from[0].source.ipBlocks[0]", "neither an IP address nor a CIDR" },
        { Policy + "{ rules: [{ to: [{ operation: { ports: ['70000'] } }] }] }", "spec.rules[0].to[0].operation.ports[0]", "1 to 65535" },
        { Policy + "{ rules: [{ from: [{ source: { principals: ['spiffe://a/ns/b/sa/c'] } }] }] }", "spec.rules[0].from[0].source.principals[0]", "without the scheme, a/ns/b/sa/c" },
        { Policy + "{ action: CUSTOM, rules: [{}] }", "spec.provider.name", "required with CUSTOM" },
        { Policy + "{ rules: {} }", "spec.rules", "list" },
        { Policy + "{ targetRefs: [{ kind: Pod, name: a }], rules: [{}] }", "spec.targetRefs[0].kind", "use a Service" },
        { "apiVersion: security.istio.io/v1\nkind: AuthorisationPolicy\nmetadata: { name: p, namespace: shop }", "kind", "it has AuthorizationPolicy" },
        { "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: { name: p, namespace: shop }\nspec: { mtls: { mode: STRIKT } }", "spec.mtls.mode", "STRICT" },
        { "apiVersion: v1\nkind: Service\nmetadata: { name: p, namespace: shop }\nspec: { ports: [{ port: 70000 }] }", "spec.ports[0].port", "1 to 65535" },
        { "apiVersion: v1\nkind: Service\nmetadata: { name: p, namespace: shop }\nspec: { clusterIP: 300.1.1.1, ports: [{ port: 80 }] }", "spec.clusterIP", "not an IP address" },
        { "apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: shop }\nstatus: { podIP: nowhere }", "status.podIP", "not an IP address" },
        { $"apiVersion: v1\nkind: Service\nmetadata: {{ name: {new string('a', 1024)}, namespace: shop }}", "metadata.name", "at most 253" },
        { "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: p, namespace: shop }\nspec: { hosts: [a.example], ports: [{ number: 0, name: x }], resolution: STATC }", "spec.resolution", "STATIC" },
        { "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: p, namespace: shop }\nspec: { gatewayClassName: ambient-waypoint, listeners: [{ name: a, port: 80, protocol: HTTP }] }", "spec.listeners[0]", "use HBONE on port 15008" },
    };

    /// <summary>Bytes of a file that is none of Kubernetes objects, and a part of the message.</summary>
    public static TheoryData<byte[], string> Files => new()
    {
        { "a: b: c: [\n"u8.ToArray(), ":1: document 1: is not YAML" },
        { "apiVersion: v1\nkind: Pod\nmetadata: {name: a\nspec: x: y\n"u8.ToArray(), "is not YAML" },
        { "- a\n- b\n"u8.ToArray(), "is not an object" },
        { "apiVersion: v1\nmetadata: { name: a }\n"u8.ToArray(), "field kind: is required" },
        { "apiVersion: v1\nkind: Pod\nmetadata: {}\n"u8.ToArray(), ":3: document 1, field metadata.name: is required" },
        { "apiVersion: v1\nkind: Pod\nkind: Pod\n"u8.ToArray(), "field kind: stands there twice" },
        { [.. "apiVersion: v1\nkind: Pod\nmetadata: { name: \""u8, 0xff, 0xfe, .. "\" }\n"u8], ":3: document 1: is not valid UTF-8" },
        { Encoding.UTF8.GetBytes("a: " + new string('[', 5000)), "nested more than 64 deep" },
        { Encoding.UTF8.GetBytes($"a: \"{new string('x', 11 * 1024 * 1024)}\"\n"), "at most 10485760 are allowed" },
        { Array.Empty<byte>(), "there is no object in" },
        { "# nothing\n---\n"u8.ToArray(), "there is no object in" },
    };

    [Theory]
    [MemberData(nameof(Objects))]
    public async Task Compile_BadObject_NamesObjectFieldAndReason(string yaml, string field, string reason)
    {
        using TemporaryFile file = new(Encoding.UTF8.GetBytes(yaml));

        CommandRun run = await CommandRun.OfAsync("compile", "-f", file.Path, "-o", "json");

        Assert.Equal(1, run.ExitCode);
        JsonNode finding = JsonNode.Parse(run.Output)!["findings"]!.AsArray().First(f => (string?)f!["field"] == field)!;
        Assert.Equal("error", (string?)finding["level"]);
        Assert.Equal("shop", (string?)finding["namespace"]);
        Assert.Contains(reason, (string?)finding["message"], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Compile_BadFile_NamesFileAndReason(byte[] content, string reason)
    {
        using TemporaryFile file = new(content);

        CommandRun run = await CommandRun.OfAsync("compile", "-f", file.Path);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(file.Path, run.Error, StringComparison.Ordinal);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    /// <summary>Nothing is wrong enough to stop, and what a person should know is said: level, field, a part of the message.</summary>
    [Theory]
    [InlineData(Policy + "{ selector: { matchLabels: { app: none } }, rules: [{}] }", "spec.selector", "selects no workload")]
    [InlineData("apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { ambient.dev/mesh: enable } }", "metadata.labels[ambient.dev/mesh]", "write enabled or disabled")]
    [InlineData("apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: v, namespace: shop }\nspec: { hosts: [a], http: [{ route: [{ destination: { host: a } }] }] }", "spec.hosts", "no Service or ServiceEntry has the host")]
    [InlineData("apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata: { name: v, namespace: shop }\nspec: {}", "spec.jwtRules", "checks no token")]
    [InlineData("{ apiVersion: v1, kind: Namespace, metadata: { name: a } }\n---\n{ apiVersion: v1, kind: Namespace, metadata: { name: a } }", "", "stands more than once")]
    public async Task Compile_OddObject_WarnsAndGoesOn(string yaml, string field, string message)
    {
        using TemporaryFile file = new(Encoding.UTF8.GetBytes(yaml));

        CommandRun run = await CommandRun.OfAsync("compile", "-f", file.Path, "-o", "json");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(JsonNode.Parse(run.Output)!["findings"]!.AsArray(), f => (string?)f!["level"] == "warning" && (string?)f["field"] == field
            && ((string?)f["message"])!.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Compile_TwoPodsOfOneAddress_SaysWhoHasIt()
    {
        const string pod = "{ apiVersion: v1, kind: Pod, metadata: { name: NAME, namespace: shop }, status: { phase: Running, podIP: 10.0.0.1 } }\n---\n";
        using TemporaryFile file = new(Encoding.UTF8.GetBytes(pod.Replace("NAME", "a", StringComparison.Ordinal) + pod.Replace("NAME", "b", StringComparison.Ordinal)));

        CommandRun run = await CommandRun.OfAsync("compile", "-f", file.Path);

        Assert.Contains("10.0.0.1 belongs to Pod shop/a", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_WithARefusedPolicy_AnswersFailClosedAndSaysWhy()
    {
        const string pods = "{ apiVersion: v1, kind: Pod, metadata: { name: a, namespace: shop, labels: { ambient.dev/mesh: enabled } } }\n---\n";
        using TemporaryFile file = new(Encoding.UTF8.GetBytes(pods + Policy + "{ rules: [{ from: [{ source: { notPrincipal: [x] } }] }] }"));

        CommandRun run = await CommandRun.OfAsync("explain", "-f", file.Path, "--from", "outside", "--to", "shop/a:80");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("AuthorizationPolicy shop/p spec.rules[0].from[0].source.notPrincipal:", run.Error, StringComparison.Ordinal);
        Assert.Contains("DENY (401): denied by AuthorizationPolicy shop/p (refused: denies until it is repaired)", run.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    private sealed class TemporaryFile : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ambient-bad-");

        public TemporaryFile(byte[] content)
        {
            Path = System.IO.Path.Combine(_folder.FullName, "in.yaml");
            File.WriteAllBytes(Path, content);
        }

        public string Path { get; }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
