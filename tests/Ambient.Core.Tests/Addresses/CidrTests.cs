using System.Net;
using Ambient.Core.Addresses;

namespace Ambient.Core.Tests.Addresses;

public class CidrTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.255.255.255", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("10.1.2.3/32", "10.1.2.3", true)]
    [InlineData("10.1.2.3/32", "10.1.2.2", false)]
    [InlineData("0.0.0.0/0", "255.1.2.3", true)]
    [InlineData("0.0.0.0/0", "fd00::1", false)]
    [InlineData("::/0", "10.0.0.1", false)]
    [InlineData("fd00::/8", "fdff:ffff::1", true)]
    [InlineData("fd00::/8", "fe00::1", false)]
    [InlineData("fd00::1/128", "fd00::1", true)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("::ffff:10.0.0.0/104", "10.1.2.3", true)]
    [InlineData("::ffff:0:0/95", "10.1.2.3", false)]
    public void Contains_Row_IsAsWritten(string range, string address, bool expected) =>
        Assert.Equal(expected, Parse(range).Contains(AddressBits.Of(IPAddress.Parse(address))));

    [Fact]
    public void Contains_RandomRangesAndAddresses_AgreesWithTheFramework()
    {
        Random random = new(20260);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(2) == 0 ? 4 : 16];
            random.NextBytes(bytes);
            IPAddress address = new(bytes);
            int length = random.Next((bytes.Length * 8) + 1);
            byte[] near = [.. bytes];
            near[random.Next(near.Length)] ^= (byte)(1 << random.Next(8));
            IPNetwork network = new(BaseOf(address, length), length);

            Assert.True(Cidr.Of(network).Contains(AddressBits.Of(address)));
            Assert.Equal(network.Contains(new IPAddress(near)), Cidr.Of(network).Contains(AddressBits.Of(new IPAddress(near))));
        }
    }

    [Theory]
    [InlineData("10.0.0.0", 33)]
    [InlineData("10.0.0.0", -1)]
    [InlineData("fd00::", 129)]
    public void Constructor_ImpossibleLength_Throws(string address, int length) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Cidr(IPAddress.Parse(address), length));

    private static Cidr Parse(string text)
    {
        string[] parts = text.Split('/');
        return new Cidr(IPAddress.Parse(parts[0]), int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static IPAddress BaseOf(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPAddress(bytes);
    }
}
