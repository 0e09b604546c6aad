using Ambient.Proxy.Admin;


namespace Ambient.Proxy.Tests.Admin;

public sealed class HeaderListTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("gzip", true)]
    [InlineData("deflate, GZIP;q=0.5", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("gzip; q=0.000 , br", false)]
    [InlineData("gzipped", false)]
    [InlineData("gzip;q=abc", true)]
    public void Taken_is_what_is_named_with_a_weight(string? header, bool taken) => Assert.Equal(taken, HeaderList.Takes(header, "gzip"));
}
