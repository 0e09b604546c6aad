using System.Globalization;

namespace Ambient.Lab.Containers;

/// <summary>A line of a container's log.</summary>
internal sealed record LogLine(long Number, DateTimeOffset Time, string Text)
{
    public string Format(bool timestamps) =>
        timestamps ? $"{Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture)} {Text}\n" : Text + "\n";
}
