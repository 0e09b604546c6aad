using System.Text;
using System.Text.Json.Nodes;
using Ambient.Core.Mesh;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Routes;
using Ambient.Discovery.Codec;
using Ambient.Discovery.Codec.Resources;
using Google.Protobuf;
using Proto = Ambient.Wire.V1.ProxyResource;

namespace Ambient.Discovery.Tests.Codec.Resources;

public sealed class ResourceCodecTests
{
    public static TheoryData<string> Kinds => [.. AnyResource.Kinds.Select(static k => k.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Resource_WithAnythingInEveryField_ComesBack(string kind)
    {
        Type type = AnyResource.Kinds.Single(k => k.Name == kind);
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            ProxyResource made;
            do
            {
                made = (ProxyResource)new AnyResource(random).Of(type);
            }
            while (made.Key.Length == 0);

            Proto proto = ResourceCodec.ToProto(made);

            ProxyResource read = ResourceCodec.FromProto(Proto.Parser.ParseFrom(proto.ToByteArray()));

            Assert.Equal(made.ResourceName, read.ResourceName);
            Same.Records(made, read, kind);
            Assert.Equal(proto.Content, ResourceCodec.ToProto(read).Content);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Resource_WithDamagedContent_IsReadOrRefusedNeverWorse(string kind)
    {
        Type type = AnyResource.Kinds.Single(k => k.Name == kind);
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            Proto proto = ResourceCodec.ToProto((ProxyResource)new AnyResource(random).Of(type));
            byte[] bytes = proto.Content.ToByteArray();
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)"\"{}[],:0-nté\0"[random.Next(12)];
            }

            proto.Content = ByteString.CopyFrom(bytes);
            try
            {
                ResourceCodec.ToProto(ResourceCodec.FromProto(proto));
            }
            catch (CodecException refused)
            {
                Assert.StartsWith("content", refused.Field, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Table_WithDefaults_IsAsShortAsItCanBe() =>
        Assert.Equal("""{"host":"a.example"}""", ResourceCodec.ToProto(new RouteTable { Host = "a.example" }).Content.ToStringUtf8());

    [Fact]
    public void Table_ThatSaysLittle_HasTheDefaultsOfItsRecord()
    {
        var table = (RouteTable)Read("RouteTable", """{"host":"a","http":[{"origin":{"kind":"K","namespace":"n","name":"m","ruleIndex":0},"action":{"kind":"Forward","backends":[{"target":{"service":"n/s","namespace":"n","name":"s","port":80}}]}}]}""");

        var backend = Assert.Single(Assert.IsType<RouteAction.Forward>(table.Http[0].Action).Backends);
        Assert.Equal(1u, backend.Weight);
        Assert.Empty(backend.RequestHeaders.Set);
        Assert.Empty(table.Tls);
        Assert.Empty(table.Http[0].RateLimits);
    }

    [Theory]
    [InlineData("""{"host":"a","colour":"red"}""", "an unknown field")]
    [InlineData("""{"host":"a","host":"b"}""", "a field twice")]
    [InlineData("""{"port":80}""", "without what is required")]
    [InlineData("""{"host":null}""", "null")]
    [InlineData("""{"host":"a","http":null}""", "no list")]
    [InlineData("""{"host":"a","http":[null]}""", "null in a list")]
    [InlineData("""{"host":"a","port":"80"}""", "a text for a number")]
    [InlineData("""{"host":"a","port":99999999999}""", "out of range")]
    [InlineData("""{"host":"a","scope":1}""", "a number for a word")]
    [InlineData("""{"host":"a","scope":"elsewhere"}""", "an unknown word")]
    [InlineData("""{"host":"a","gateway":"nowhere"}""", "no namespace/name")]
    [InlineData("""{"Host":"a"}""", "other case")]
    [InlineData("""{"host":"a"} x""", "more behind")]
    [InlineData("""{"host":"a",}""", "a comma too many")]
    [InlineData("""{"host":"a","http":[{"origin":{"kind":"K","namespace":"n","name":"m","ruleIndex":0},"action":{"kind":"Explode"}}]}""", "an unknown case")]
    [InlineData("""{"host":"a","http":[{"origin":{"kind":"K","namespace":"n","name":"m","ruleIndex":0},"action":{}}]}""", "no case")]
    [InlineData("""{"host":"a","http":[{"origin":{"kind":"K","namespace":"n","name":"m","ruleIndex":0},"action":{"kind":"Forward"}}]}""", "a case without what it needs")]
    [InlineData("null", "null")]
    [InlineData("[]", "a list")]
    [InlineData("", "nothing")]
    public void Table_With_IsRefused(string json, string what) => Assert.ThrowsAny<CodecException>(() => Read("RouteTable", json) is null ? what : what);

    [Fact]
    public void Refusal_OfAField_NamesIt() =>
        Assert.Equal("content.port", Assert.Throws<CodecException>(() => Read("RouteTable", """{"host":"a","port":"80"}""")).Field);

    [Fact]
    public void Map_WithAKeyTwice_IsRefused() =>
        Assert.Throws<CodecException>(() => Read("RequestPolicy", """{"name":"a/b","action":"deny","selector":{"app":"a","app":"b"}}"""));

    [Fact]
    public void Content_TooDeep_IsRefused()
    {
        string deep = new string('[', 5000);

        Assert.Throws<CodecException>(() => Read("RouteTable", $$"""{"host":"a","http":{{deep}}"""));
    }

    [Fact]
    public void Content_TooLarge_IsRefusedUnread()
    {
        var proto = new Proto { Type = "RouteTable", Content = UnsafeByteOperations.UnsafeWrap(new byte[ResourceCodec.MaxBytes + 1]) };

        Assert.Contains("at most", Assert.Throws<CodecException>(() => ResourceCodec.FromProto(proto)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Type_Unknown_IsRefused() => Assert.Equal("type", Assert.Throws<CodecException>(() => Read("Teapot", "{}")).Field);

    [Fact]
    public void Type_OfAnotherKind_IsRefused() => Assert.Throws<CodecException>(() => Read("BackendPolicy", """{"host":"a"}"""));

    [Fact]
    public void Policy_OfSelector_KeepsItsOrderAndCase()
    {
        var policy = new RequestPolicy
        {
            Name = new("shop", "p"),
            Action = RequestPolicyAction.Deny,
            Selector = Core.Workloads.Workload.NoLabels.Add("b", "1").Add("B", "2").Add("a", "3"),
        };

        JsonNode json = JsonNode.Parse(ResourceCodec.ToProto(policy).Content.Span)!;

        Assert.Equal("""{"B":"2","a":"3","b":"1"}""", json["selector"]!.ToJsonString());
        Assert.Equal("deny", (string?)json["action"]);
    }

    private static ProxyResource Read(string type, string json) => ResourceCodec.FromProto(new Proto { Type = type, Content = ByteString.CopyFrom(json, Encoding.UTF8) });
}
