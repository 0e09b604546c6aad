using Ambient.Ztunnel.Dns;

namespace Ambient.Ztunnel.Tests.Dns;

public sealed class DnsQuestionTests
{
    [Fact]
    public void Question_is_read_in_lower_case()
    {
        Assert.True(DnsQuestion.TryParse(DnsBytes.Query(5, "Orders.Shop", 28), out DnsQuestion question));

        Assert.Equal(("orders.shop", DnsType.Aaaa, (ushort)5, true), (question.Name, question.Type, question.Id, question.RecursionDesired));
    }

    [Fact]
    public void Every_truncation_and_every_single_changed_byte_is_survived()
    {
        byte[] query = DnsBytes.Query(5, "orders.shop.svc", 1);
        for (int length = 0; length < query.Length; length++)
        {
            Assert.False(DnsQuestion.TryParse(query.AsSpan(0, length), out _));
        }

        for (int at = 0; at < query.Length; at++)
        {
            for (int value = 0; value < 256; value++)
            {
                byte[] changed = [.. query];
                changed[at] = (byte)value;
                if (DnsQuestion.TryParse(changed, out DnsQuestion question))
                {
                    Assert.InRange(question.End, DnsQuestion.HeaderLength, changed.Length);
                    Assert.DoesNotContain("..", question.Name);
                }
            }
        }
    }

    [Fact]
    public void Compression_pointer_and_dot_in_a_label_are_refused()
    {
        byte[] pointer = [0, 5, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 0x0c, 0, 1, 0, 1];
        byte[] dotted = [0, 5, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, (byte)'a', (byte)'.', (byte)'b', 0, 0, 1, 0, 1];

        Assert.False(DnsQuestion.TryParse(pointer, out _));
        Assert.False(DnsQuestion.TryParse(dotted, out _));
    }
}
