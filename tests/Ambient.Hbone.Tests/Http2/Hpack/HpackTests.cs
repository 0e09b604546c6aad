using System.Text;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Http2.Hpack;

namespace Ambient.Hbone.Tests.Http2.Hpack;

public class HpackTests
{
    // RFC 7541 appendix C.3 and C.4: three requests on one connection, plain and Huffman-coded; C.6: answers with eviction from a table of 256.
    [Theory]
    [InlineData(
        "828684410f7777772e6578616d706c652e636f6d", "828684be58086e6f2d6361636865",
        "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565")]
    [InlineData("828684418cf1e3c2e5f23a6ba0ab90f4ff", "828684be5886a8eb10649cbf", "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf")]
    public void RequestsOfTheRfc_AreDecoded(string first, string second, string third)
    {
        HpackDecoder decoder = new();

        Assert.Equal(":method: GET|:scheme: http|:path: /|:authority: www.example.com", Decode(decoder, first));
        Assert.Equal(":method: GET|:scheme: http|:path: /|:authority: www.example.com|cache-control: no-cache", Decode(decoder, second));
        Assert.Equal(
            ":method: GET|:scheme: https|:path: /index.html|:authority: www.example.com|custom-key: custom-value", Decode(decoder, third));
        Assert.Equal(164, decoder.TableSize);
    }

    [Fact]
    public void AnswersOfTheRfc_EvictTheOldest()
    {
        HpackDecoder decoder = new(256);

        Assert.Equal(
            ":status: 302|cache-control: private|date: Mon, 21 Oct 2013 20:13:21 GMT|location: https://www.example.com",
            Decode(decoder, "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3"));
        Assert.Equal(222, decoder.TableSize);
        Assert.Equal(
            ":status: 307|cache-control: private|date: Mon, 21 Oct 2013 20:13:21 GMT|location: https://www.example.com",
            Decode(decoder, "4883640effc1c0bf"));
        Assert.Equal(222, decoder.TableSize);
    }

    [Theory]
    [InlineData("80")] // index 0
    [InlineData("be")] // beyond the tables
    [InlineData("ff80808080808001")] // an integer without end
    [InlineData("ff")] // cut off
    [InlineData("0005")] // a string cut off
    [InlineData("000161")] // no value
    [InlineData("00016183ffffff")] // Huffman: padding longer than 7 bits
    [InlineData("0001618100")] // Huffman: padding of zeros
    [InlineData("00016184ffffffff")] // Huffman: EOS
    [InlineData("3fe23f")] // a table size above 4096
    [InlineData("8220")] // a size update after a field
    [InlineData("20202082")] // three size updates
    public void MalformedBlock_IsACompressionFault(string hex)
    {
        Http2ConnectionException e = Assert.Throws<Http2ConnectionException>(() => Decode(new HpackDecoder(), hex));

        Assert.Equal(ErrorCode.CompressionError, e.Code);
    }

    [Fact]
    public void SizeUpdate_EmptiesTheTable()
    {
        HpackDecoder decoder = new();
        Decode(decoder, "400161" + "0162");
        Assert.Equal(34, decoder.TableSize);

        Decode(decoder, "20");

        Assert.Equal(0, decoder.TableSize);
        Assert.Throws<Http2ConnectionException>(() => Decode(decoder, "be"));
    }

    [Fact]
    public void Bomb_OfManyReferencesToOneLargeField_StopsEarly()
    {
        HpackDecoder decoder = new();
        HeaderList list = new(16 * 1024, 100);
        byte[] block = new byte[4 + 3900 + 60_000];
        byte[] value = new byte[3900];
        value.AsSpan().Fill((byte)'a');
        int at = 0;
        block[at++] = 0x40;
        block[at++] = 1;
        block[at++] = (byte)'x';
        at += WriteLength(block.AsSpan(at), value.Length);
        value.CopyTo(block, at);
        at += value.Length;
        Array.Resize(ref block, at + 60_000);
        block.AsSpan(at).Fill(0xbe);

        Http2ConnectionException e = Assert.Throws<Http2ConnectionException>(() => decoder.Decode(block, list));

        Assert.Equal(ErrorCode.EnhanceYourCalm, e.Code);
        Assert.True(list.Fields.Length < 10);
    }

    [Fact]
    public void ListAboveItsLimit_IsExceeded_AndTheTableStaysRight()
    {
        HpackDecoder decoder = new();
        HeaderList list = new(100, 100);

        decoder.Decode(Convert.FromHexString("4001610162" + "400163" + "7f01" + new string('6', 256)), list);

        Assert.True(list.Exceeded);
        Assert.Equal("c: " + new string('f', 128), Decode(decoder, "be"));
        Assert.Equal("a: b", Decode(decoder, "bf"));
    }

    [Fact]
    public void Encoder_IsReadByTheDecoder()
    {
        Random random = new(11);
        byte[] buffer = new byte[4096];
        for (int i = 0; i < 2000; i++)
        {
            string name = new([.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => (char)random.Next('a', 'z' + 1))]);
            string value = new([.. Enumerable.Range(0, random.Next(0, 400)).Select(_ => (char)random.Next(0x20, 0x100))]);
            int length = HpackEncoder.Write(buffer, name, value);
            Assert.True(length <= HpackEncoder.MaxLength(name, value));
            HeaderList list = new(64 * 1024, 100);

            new HpackDecoder().Decode(buffer.AsSpan(0, length), list);

            Assert.Equal(new HpackField(name, value), Assert.Single(list.Fields.ToArray()));
        }
    }

    [Fact]
    public void EveryByte_SurvivesHuffman()
    {
        // The inverse, bit by bit, from the same canonical lengths as Node's decoder accepts: see the interop tests for the other direction.
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        byte[] coded = HuffmanEncoder.Encode(all);
        byte[] decoded = new byte[HuffmanCode.MaxDecodedLength(coded.Length)];

        int length = HuffmanCode.Decode(coded, decoded);

        Assert.Equal(all, decoded[..length]);
    }

    private static int WriteLength(Span<byte> destination, int value)
    {
        destination[0] = 0x7f;
        value -= 0x7f;
        int at = 1;
        while (value >= 0x80)
        {
            destination[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[at++] = (byte)value;
        return at;
    }

    private static string Decode(HpackDecoder decoder, string hex)
    {
        HeaderList list = new(64 * 1024, 100);
        decoder.Decode(Convert.FromHexString(hex), list);
        StringBuilder text = new();
        foreach (HpackField field in list.Fields)
        {
            text.Append(text.Length > 0 ? "|" : "").Append(field.Name).Append(": ").Append(field.Value);
        }

        return text.ToString();
    }
}
