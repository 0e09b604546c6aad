using System.Text;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Tests.Serving;

public sealed class ProtobufBodyTests
{
    private static readonly ResourceCatalog Catalog = new();

    [Fact]
    public void Decode_ConfigMap_GivesItsFields()
    {
        // metadata (1) { name (1) "a", labels (11) { "k": "v" } }, data (2) { "x": "y" }
        byte[] raw = [.. Field(1, [.. Field(1, "a"), .. Field(11, [.. Field(1, "k"), .. Field(2, "v")])]), .. Field(2, [.. Field(1, "x"), .. Field(2, "y")])];
        string json = ProtobufBody.Decode(Envelope("v1", "ConfigMap", raw), Catalog).ToJsonString();
        Assert.Equal("""{"metadata":{"name":"a","labels":{"k":"v"}},"data":{"x":"y"},"apiVersion":"v1","kind":"ConfigMap"}""", json);
    }

    [Fact]
    public void Decode_EveryPrefixAndFlip_EndsInAnswerOr400()
    {
        byte[] raw = [.. Field(1, [.. Field(1, "a")]), .. Field(2, [.. Field(1, [.. Field(2, [.. Field(1, "c")])])])];
        byte[] body = Envelope("v1", "Pod", raw);
        for (int i = 0; i < body.Length; i++)
        {
            Try(body[..i]);
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] flipped = [.. body];
                flipped[i] ^= (byte)(1 << bit);
                Try(flipped);
            }
        }
    }

    private static void Try(byte[] body)
    {
        try
        {
            ProtobufBody.Decode(body, Catalog);
        }
        catch (ApiException e)
        {
            Assert.Equal(400, e.Code);
        }
    }

    private static byte[] Envelope(string apiVersion, string kind, byte[] raw) =>
        [.. "k8s\0"u8, .. Field(1, [.. Field(1, apiVersion), .. Field(2, kind)]), .. Field(2, raw)];

    private static byte[] Field(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int number, byte[] bytes) => [(byte)((number << 3) | 2), (byte)bytes.Length, .. bytes];
}
