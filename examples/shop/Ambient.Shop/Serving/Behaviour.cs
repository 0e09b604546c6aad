using System.Globalization;

namespace Ambient.Shop.Serving;

/// <summary>
/// How a service behaves: <c>fail</c> (share of requests, 0 to 1), <c>every</c> (each so many-th request fails; 0 none), <c>status</c> (of
/// failures), <c>delay</c> (milliseconds before the answer), <c>slow</c> (share of requests that are delayed).
/// </summary>
internal sealed record Behaviour(double Fail = 0, int Every = 0, int Status = 503, int Delay = 0, double Slow = 1)
{
    public const int MaxDelay = 600_000;

    /// <exception cref="FormatException">Says which setting is wrong.</exception>
    public Behaviour With(string setting)
    {
        string[] parts = setting.Split('=', 2);
        return parts switch
        {
            ["fail", var text] => this with { Fail = Number(setting, text, 1) },
            ["every", var text] => this with { Every = (int)Number(setting, text, int.MaxValue) },
            ["status", var text] => this with { Status = (int)Number(setting, text, 599) },
            ["delay", var text] => this with { Delay = (int)Number(setting, text, MaxDelay) },
            ["slow", var text] => this with { Slow = Number(setting, text, 1) },
            _ => throw new FormatException($"{setting}: known are fail, every, status, delay and slow"),
        };
    }

    private static double Number(string setting, string text, double limit) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out double number) && number >= 0 && number <= limit
            ? number
            : throw new FormatException($"{setting}: must be a number from 0 to {limit.ToString(CultureInfo.InvariantCulture)}");
}
