using System.Text.Json.Nodes;
using Ambient.Testing;

namespace Ambient.Cni.Tests;

public sealed class PluginTests
{
    private const string Previous = """{"cniVersion":"1.0.0","interfaces":[{"name":"eth0"}],"ips":[{"address":"10.244.1.5/24"},{"address":"fd00::5/64"}]}""";
    private const string Captured = """{"ok":true,"captured":true,"reason":"enrolled"}""" + "\n";

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Add_tells_ztunnel_and_passes_the_previous_result_on()
    {
        await using var ztunnel = new FakeZtunnel(Captured);

        PluginResult result = await RunAsync("ADD", ztunnel.Path);

        Assert.Equal(0, result.ExitCode);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Previous), JsonNode.Parse(result.Output)));
        Assert.Equal(
            """{"command":"ADD","podUid":"uid-1","namespace":"shop","name":"web-1","netns":"/run/netns/x","addresses":["10.244.1.5","fd00::5"]}""" + "\n",
            Assert.Single(ztunnel.Asked));
    }

    [Fact]
    public async Task Add_that_ztunnel_refuses_fails_with_its_reason()
    {
        await using var ztunnel = new FakeZtunnel("""{"ok":false,"error":"pod shop/web-1 is held back"}""" + "\n");

        JsonNode error = Error(await RunAsync("ADD", ztunnel.Path));

        Assert.Equal(100, (int?)error["code"]);
        Assert.Equal("pod shop/web-1 is held back", (string?)error["msg"]);
        Assert.Equal("1.0.0", (string?)error["cniVersion"]);
    }

    [Theory]
    [InlineData("shop", 1)]
    [InlineData("ambient-system", 0)]
    [InlineData("kube-system", 0)]
    [InlineData("kube-system-not", 1)]
    public async Task Add_without_ztunnel_fails_after_a_bounded_wait_except_for_system_pods(string ns, int code)
    {
        PluginResult result = await PassingTimeAsync(RunAsync("ADD", "/nonexistent/cni.sock", ns: ns));

        Assert.Equal(code, result.ExitCode);
        Assert.Equal(code == 0 ? null : 11, (int?)JsonNode.Parse(result.Output)!["code"]);
    }

    [Fact]
    public async Task Add_without_an_answer_fails_within_a_minute()
    {
        await using var ztunnel = new FakeZtunnel(null);
        DateTimeOffset started = _time.GetUtcNow();

        JsonNode error = Error(await PassingTimeAsync(RunAsync("ADD", ztunnel.Path)));

        Assert.Equal(11, (int?)error["code"]);
        Assert.Contains("no answer within 60 s", (string?)error["details"]);
        Assert.InRange(_time.GetUtcNow() - started, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(75));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("[]\n")]
    [InlineData("{\"ok\":\"yes\"}\n")]
    [InlineData("{\"ok\":false}\n")]
    public async Task Answer_that_makes_no_sense_is_no_yes(string answer)
    {
        await using var ztunnel = new FakeZtunnel(answer);

        Assert.Equal(11, (int?)Error(await RunAsync("ADD", ztunnel.Path))["code"]);
    }

    [Fact]
    public async Task Add_without_previous_result_is_an_invalid_network() =>
        Assert.Equal(7, (int?)Error(await RunAsync("ADD", "/nonexistent/cni.sock", previous: null))["code"]);

    [Fact]
    public async Task Add_of_what_is_no_pod_passes_unasked() =>
        Assert.Equal(0, (await RunAsync("ADD", "/nonexistent/cni.sock", arguments: "IgnoreUnknown=1")).ExitCode);

    [Fact]
    public async Task Delete_succeeds_even_when_nobody_answers()
    {
        DateTimeOffset started = _time.GetUtcNow();

        Assert.Equal(new PluginResult(0, ""), await PassingTimeAsync(RunAsync("DEL", "/nonexistent/cni.sock", previous: null)));
        Assert.InRange(_time.GetUtcNow() - started, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Check_says_what_ztunnel_says()
    {
        await using var well = new FakeZtunnel("""{"ok":true,"captured":true}""" + "\n");
        await using var ill = new FakeZtunnel("""{"ok":false,"error":"a port is taken"}""" + "\n");

        Assert.Equal(new PluginResult(0, ""), await RunAsync("CHECK", well.Path));
        Assert.Equal("a port is taken", (string?)Error(await RunAsync("CHECK", ill.Path))["msg"]);
    }

    [Fact]
    public async Task Status_is_whether_somebody_listens()
    {
        await using var ztunnel = new FakeZtunnel(Captured);

        Assert.Equal(new PluginResult(0, ""), await RunAsync("STATUS", ztunnel.Path));
        Assert.Equal(50, (int?)Error(await PassingTimeAsync(RunAsync("STATUS", "/nonexistent/cni.sock")))["code"]);
    }

    [Fact]
    public async Task Garbage_collection_has_nothing_to_do() =>
        Assert.Equal(new PluginResult(0, ""), await RunAsync("GC", "/nonexistent/cni.sock"));

    [Fact]
    public async Task Version_answers_in_the_version_asked()
    {
        PluginResult asked = await Plugin.RunAsync("VERSION", """{"cniVersion":"0.4.0"}""", _ => null, _time);
        PluginResult bare = await Plugin.RunAsync("VERSION", "", _ => null, _time);

        Assert.Equal("""{"cniVersion":"0.4.0","supportedVersions":["0.3.0","0.3.1","0.4.0","1.0.0","1.1.0"]}""", asked.Output);
        Assert.Equal(0, bare.ExitCode);
    }

    [Theory]
    [InlineData("{", 6)]
    [InlineData("[]", 6)]
    [InlineData("""{"cniVersion":"0.2.0"}""", 1)]
    [InlineData("""{"cniVersion":7}""", 6)]
    [InlineData("""{"ambientSocket":"relative.sock"}""", 6)]
    public async Task Configuration_that_makes_no_sense_is_refused(string input, int code) =>
        Assert.Equal(code, (int?)Error(await Plugin.RunAsync("ADD", input, _ => null, _time))["code"]);

    [Fact]
    public async Task Unknown_command_is_an_invalid_environment() =>
        Assert.Equal(4, (int?)Error(await Plugin.RunAsync("MOVE", "{}", _ => null, _time))["code"]);

    private Task<PluginResult> RunAsync(
        string command, string socket, string ns = "shop", string? previous = Previous, string? arguments = null)
    {
        string input = $$"""{"cniVersion":"1.0.0","name":"k8s","type":"ambient-cni","ambientSocket":"{{socket}}"{{(previous is null ? "" : $",\"prevResult\":{previous}")}}}""";
        return Plugin.RunAsync(
            command,
            input,
            name => name switch
            {
                "CNI_ARGS" => arguments ?? $"IgnoreUnknown=1;K8S_POD_NAMESPACE={ns};K8S_POD_NAME=web-1;K8S_POD_UID=uid-1",
                "CNI_NETNS" => "/run/netns/x",
                _ => null,
            },
            _time);
    }

    private async Task<PluginResult> PassingTimeAsync(Task<PluginResult> running)
    {
        while (!running.IsCompleted)
        {
            if (_time.ActiveTimers > 0)
            {
                _time.Advance(TimeSpan.FromMilliseconds(250));
            }

            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        return await running;
    }

    private static JsonNode Error(PluginResult result)
    {
        Assert.Equal(1, result.ExitCode);
        return JsonNode.Parse(result.Output)!;
    }
}
