using System.Globalization;

namespace Ambient.Lab.Demo;

/// <summary>Lines with the seconds since the start, so that a person sees that something happens and how long it takes.</summary>
internal sealed class DemoProgress(TextWriter output, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public void Say(string what) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{time.GetElapsedTime(_start).TotalSeconds,5:0.0}s] {what}"));
}
