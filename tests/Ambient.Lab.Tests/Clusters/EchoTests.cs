namespace Ambient.Lab.Tests.Clusters;

/// <summary>The echo program's behaviours, which the mesh's own tests rest on.</summary>
public sealed class EchoTests(LabFixture fixture) : IAsyncLifetime
{
    private const string Ns = "echo";
    private LabCluster lab = null!;
    private string pod = "";

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        lab = await fixture.LabAsync();
        await lab.ApplyAsync(Manifests.Namespace(Ns) + Manifests.Echo(Ns, "echo", version: "v7"), ct);
        pod = (await lab.WaitReadyAsync(Ns, "app=echo", 1, LabFixture.Patience, ct))[0];
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("tcp 127.0.0.1:9000 --text abc", "abc")]
    [InlineData("tcp 127.0.0.1:9001 --text abc --half-close", "abc")]
    [InlineData("tcp 127.0.0.1:9005 --text abc --half-close", "3\n")]
    [InlineData("udp 127.0.0.1:9053 --text abc", "abc")]
    [InlineData("http://127.0.0.1:8080/healthz", "ok")]
    public async Task Call_OfABehaviour_GetsItsAnswer(string call, string expected)
    {
        var answer = await lab.CallAsync(Ns, pod, call.Split(' '));
        Assert.True(answer.Error() is null, answer.ToString());
        Assert.Equal(expected, answer.GetProperty("body").GetString());
    }

    [Theory]
    [InlineData("tcp 127.0.0.1:9004", "ConnectionReset")]
    [InlineData("tcp 127.0.0.1:9003 --timeout 200", "timeout")]
    [InlineData("tcp 127.0.0.1:9", "ConnectionRefused")]
    public async Task Call_ThatFails_SaysHow(string call, string expected) => Assert.Equal(expected, (await lab.CallAsync(Ns, pod, call.Split(' '))).Error());

    [Fact]
    public async Task Server_ThatSpeaksFirst_IsHeardFirst()
    {
        var answer = await lab.CallAsync(Ns, pod, "tcp", "127.0.0.1:9025", "--read-first", "--text", "helo");
        Assert.Equal($"220 {pod} ready\r\n250 helo\r\n", answer.GetProperty("body").GetString());
        answer = await lab.CallAsync(Ns, pod, "tcp", "127.0.0.1:9306", "--read-first", "--text", "query");
        Assert.EndsWith("query", answer.GetProperty("body").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http_SaysWhoAnsweredAndWhatCame()
    {
        var body = (await lab.CallAsync(Ns, pod, "http://127.0.0.1:8080/a?b=c", "--header", "x-one: 1", "--body", "payload")).GetProperty("body");
        Assert.Equal((pod, Ns, "v7"), (body.GetProperty("pod").GetString(), body.GetProperty("namespace").GetString(), body.GetProperty("version").GetString()));
        Assert.Equal(("POST", "/a?b=c", "payload"), (body.GetProperty("method").GetString(), body.GetProperty("path").GetString(), body.GetProperty("body").GetString()));
        Assert.Equal("1", body.GetProperty("headers").GetProperty("x-one").GetString());
        Assert.Equal(503, (await lab.CallAsync(Ns, pod, "http://127.0.0.1:8080/status/503")).GetProperty("status").GetInt32());
    }
}
