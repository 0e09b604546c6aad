using System.Text.Json.Nodes;
using Ambient.Compile.Sources;
using Ambient.Kube.Resources;
using Ambient.Operator.Watching;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Operator.Tests.Watching;

public sealed class KindStoreTests
{
    [Fact]
    public void Replace_TellsOnlyTheDifference()
    {
        var sink = new Sink();
        var store = new KindStore(new WatchedKind(new GroupKind("discovery.k8s.io", "EndpointSlice")), sink, NullLogger.Instance);
        store.Replace([Slice("a", 1), Slice("b", 1)]);
        store.Replace([Slice("b", 1), Slice("c", 1)]);
        store.Put(Slice("c", 2));
        store.Put(Slice("c", 2));
        store.Remove(Slice("c", 3));
        Assert.Equal(["+a", "+b", "+c", "-a", "+c", "-c"], sink.Heard);
        Assert.Equal(1, store.Count);
    }

    [Fact]
    public void Replace_ObjectsThatAreNoText_LosesNoneOfTheOthers()
    {
        var sink = new Sink();
        var store = new KindStore(new WatchedKind(new GroupKind("discovery.k8s.io", "EndpointSlice")), sink, NullLogger.Instance);
        store.Replace([Slice("a", 1), Broken("\xFF", "x"), Slice("b", 1)]);
        store.Put(Broken("\xFF", "x"));
        store.Put(Broken("a", "\xC0"));
        store.Replace([Slice("b", 1), Broken("a", "\xC0"), Slice("c", 1)]);
        Assert.DoesNotContain("-a", sink.Heard);
        Assert.Equal(["+a", "+b", "+c"], sink.Heard.Distinct());

        // Latin-1 makes one byte of each character: bytes that are not UTF-8.
        static JsonObject Broken(string name, string label) => (JsonObject)JsonNode.Parse(System.Text.Encoding.Latin1.GetBytes(
            $$"""{"metadata":{"name":"{{name}}","namespace":"n","labels":{"l":"{{label}}"} } }"""))!;
    }

    [Fact]
    public void Put_OnlyTheStatusWeWroteDiffers_IsKeptBack()
    {
        var sink = new Sink();
        var store = new KindStore(WatchedKind.All.Single(k => k.Kind.Kind == "AuthorizationPolicy"), sink, NullLogger.Instance);
        store.Put(Policy(1, "{}"));
        store.Put(Policy(2, """{"conditions":[{"type":"Accepted"}]}"""));
        Assert.Equal(["+a"], sink.Heard);

        static JsonObject Policy(int version, string status) => (JsonObject)JsonNode.Parse(
            $$$"""{"metadata":{"name":"a","namespace":"n","uid":"u","generation":1,"resourceVersion":"{{{version}}}"},"spec":{},"status":{{{status}}}}""")!;
    }

    [Fact]
    public void Put_OldEndpointSlice_HasTheShapeOfV1()
    {
        var sink = new Sink();
        var store = new KindStore(WatchedKind.All.Single(k => k.Kind.Kind == "EndpointSlice"), sink, NullLogger.Instance);
        store.Put((JsonObject)JsonNode.Parse("""
            {"apiVersion":"discovery.k8s.io/v1beta1","kind":"EndpointSlice","metadata":{"name":"a","namespace":"n"},
             "endpoints":[{"addresses":["10.0.0.1"],"topology":{"kubernetes.io/hostname":"node-1","topology.kubernetes.io/zone":"z"}}]}
            """)!);
        Assert.Equal(
            """{"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"a","namespace":"n"},"endpoints":[{"addresses":["10.0.0.1"],"nodeName":"node-1","zone":"z"}]}""",
            sink.Last!.ToJsonString());
    }

    [Fact]
    public void Put_Pod_LeavesOutWhatNobodyReads()
    {
        var sink = new Sink();
        var store = new KindStore(WatchedKind.All.Single(k => k.Kind.Kind == "Pod"), sink, NullLogger.Instance);
        store.Put((JsonObject)JsonNode.Parse("""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"n","managedFields":[],"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"x","keep":"y"}},
             "spec":{"volumes":[],"containers":[{"name":"app","env":[],"ports":[{"containerPort":80}]}]},"status":{"phase":"Running","containerStatuses":[]}}
            """)!);
        Assert.Equal(
            """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"n","annotations":{"keep":"y"}},"spec":{"containers":[{"name":"app","ports":[{"containerPort":80}]}]},"status":{"phase":"Running"}}""",
            sink.Last!.ToJsonString());
    }

    [Fact]
    public void Put_TextWhereAnObjectBelongs_IsPassedOnAndNoFault()
    {
        foreach (WatchedKind kind in WatchedKind.All)
        {
            var sink = new Sink();
            var store = new KindStore(kind, sink, NullLogger.Instance);
            store.Put((JsonObject)JsonNode.Parse(
                """{"apiVersion":7,"kind":[],"metadata":{"name":"a","namespace":"n","annotations":"x"},"spec":"x","status":"x","endpoints":[1]}""")!);
            Assert.Equal(["+a"], sink.Heard);
        }
    }

    private static JsonObject Slice(string name, int version) => (JsonObject)JsonNode.Parse(
        $$$"""{"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"{{{name}}}","namespace":"n","uid":"{{{name}}}","resourceVersion":"{{{version}}}","generation":{{{version}}}}}""")!;

    private sealed class Sink : IObjectSink
    {
        public List<string> Heard { get; } = [];

        public JsonObject? Last { get; private set; }

        public void Put(ObjectKey key, JsonObject manifest)
        {
            Assert.Equal("n", key.Namespace);
            Heard.Add("+" + key.Name);
            Last = manifest;
        }

        public void Remove(ObjectKey key) => Heard.Add("-" + key.Name);
    }
}
