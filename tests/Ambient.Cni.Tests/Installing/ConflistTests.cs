using System.Text.Json.Nodes;
using Ambient.Cni.Installing;

namespace Ambient.Cni.Tests.Installing;

public sealed class ConflistTests
{
    private const string List = """
        {"cniVersion":"0.4.0","name":"k8s","plugins":[{"type":"bridge","mtu":1500,"x":1.50},{"type":"portmap","capabilities":{"portMappings":true}}],"extra":[1]}
        """;

    private const string Single = """{"cniVersion":"0.3.1","name":"one","type":"ptp","ipam":{"type":"host-local"}}""";

    private static readonly JsonObject s_entry = Conflist.Entry("/run/ambient/cni.sock");

    [Fact]
    public void List_gets_the_plugin_at_its_end_and_keeps_all_else()
    {
        JsonNode chained = JsonNode.Parse(Conflist.Chain(List, s_entry)!)!;

        Assert.Equal(["bridge", "portmap", "ambient-cni"], chained["plugins"]!.AsArray().Select(p => (string?)p!["type"]));
        Assert.Equal("/run/ambient/cni.sock", (string?)chained["plugins"]![2]!["ambientSocket"]);
        Assert.Equal("1.50", chained["plugins"]![0]!["x"]!.ToJsonString());
        Assert.Equal("[1]", chained["extra"]!.ToJsonString());
        Assert.Equal("k8s", (string?)chained["name"]);
    }

    [Fact]
    public void Second_time_nothing_changes() => Assert.Null(Conflist.Chain(Conflist.Chain(List, s_entry)!, s_entry));

    [Fact]
    public void Another_socket_replaces_the_entry_where_it_stands()
    {
        string moved = Conflist.Chain(List, s_entry)!.Replace("\"portmap\"", "\"tuning\"", StringComparison.Ordinal);

        JsonNode again = JsonNode.Parse(Conflist.Chain(moved, Conflist.Entry("/run/other.sock"))!)!;

        Assert.Equal(3, again["plugins"]!.AsArray().Count);
        Assert.Equal("/run/other.sock", (string?)again["plugins"]![2]!["ambientSocket"]);
    }

    [Fact]
    public void Plugin_that_stands_twice_stands_once_after()
    {
        string twice = """{"cniVersion":"1.0.0","name":"a","plugins":[{"type":"ambient-cni"},{"type":"bridge"},{"type":"ambient-cni"}]}""";

        JsonNode once = JsonNode.Parse(Conflist.Chain(twice, s_entry)!)!;

        Assert.Equal(["ambient-cni", "bridge"], once["plugins"]!.AsArray().Select(p => (string?)p!["type"]));
    }

    [Fact]
    public void Single_configuration_becomes_a_list()
    {
        JsonNode list = JsonNode.Parse(Conflist.Chain(Single, s_entry)!)!;

        Assert.Equal("0.3.1", (string?)list["cniVersion"]);
        Assert.Equal("one", (string?)list["name"]);
        Assert.Equal("""{"type":"ptp","ipam":{"type":"host-local"}}""", list["plugins"]![0]!.ToJsonString());
        Assert.Equal("ambient-cni", (string?)list["plugins"]![1]!["type"]);
    }

    [Fact]
    public void Unchained_is_as_before()
    {
        string without = Conflist.Unchain(Conflist.Chain(List, s_entry)!)!;

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(List), JsonNode.Parse(without)));
        Assert.Null(Conflist.Unchain(List));
        Assert.Null(Conflist.Unchain(Single));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{\"cniVersion\":\"1.0.0\",\"type\":\"bridge\"}", "'name' is missing")]
    [InlineData("{\"name\":\"a\"}", "neither 'plugins' nor 'type'")]
    [InlineData("{\"name\":\"a\",\"plugins\":[]}", "'plugins' is not a list of plugins")]
    [InlineData("{\"name\":\"a\",\"plugins\":{\"type\":\"x\"}}", "'plugins' is not a list of plugins")]
    [InlineData("{\"name\":\"a\",\"plugins\":[1]}", "'plugins' is not a list of plugins")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\",\"type\":\"c\"}", "")]
    public void What_is_no_network_configuration_is_refused_with_the_reason(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => Conflist.Chain(text, s_entry)).Message);
}
