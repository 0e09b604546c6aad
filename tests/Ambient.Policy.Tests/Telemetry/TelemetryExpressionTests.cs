using Ambient.Policy.Telemetry.Expressions;

namespace Ambient.Policy.Tests.Telemetry;

public sealed class TelemetryExpressionTests
{
    [Theory]
    [InlineData("response.code >= 400", true)]
    [InlineData("response.code == 503", true)]
    [InlineData("response.code != 503", false)]
    [InlineData("response.code < 500 || request.method == 'POST'", true)]
    [InlineData("!(response.code < 500) && request.url_path.startsWith(\"/orders\")", true)]
    [InlineData("request.path.contains('debug=1')", true)]
    [InlineData("request.url_path.endsWith('/7')", true)]
    [InlineData("response.code in [500, 503]", true)]
    [InlineData("request.method in ['GET', 'HEAD']", false)]
    [InlineData("request.headers['X-Team'] == 'blue'", true)]
    [InlineData("request.headers['x-none'] == 'blue'", false)]
    [InlineData("request.headers['x-none'] != 'blue'", false)]
    [InlineData("!(request.headers['x-none'] == 'blue')", false)]
    [InlineData("has(request.headers['x-team'])", true)]
    [InlineData("!has(request.headers['x-none'])", true)]
    [InlineData("'x-team' in request.headers", true)]
    [InlineData("request.duration > duration('250ms')", true)]
    [InlineData("request.duration > duration('1s')", false)]
    [InlineData("connection.mtls", true)]
    [InlineData("connection.mtls == false", false)]
    // CEL: one side decides where the other has no answer.
    [InlineData("response.grpc_status == 14 || response.code >= 500", true)]
    [InlineData("response.grpc_status == 14 && response.code >= 500", false)]
    [InlineData("response.code >= 500 ? connection.mtls : false", true)]
    [InlineData("response.code > -1", true)]
    [InlineData("((((response.code))) == 503)", true)]
    public void Filter_OverARequest_SaysYesOrNo(string text, bool expected)
    {
        Assert.True(TelemetryExpression.TryParse(text, out TelemetryExpression? expression, out string? problem), problem);
        Assert.True(expression.IsCondition);
        Assert.Equal(expected, expression.IsTrue(new Facts()));
    }

    [Theory]
    [InlineData("request.method", "POST")]
    [InlineData("'fixed'", "fixed")]
    [InlineData("\"it's\"", "it's")]
    [InlineData("'it\\'s'", "it's")]
    [InlineData("response.code", "503")]
    [InlineData("request.headers['x-none']", null)]
    [InlineData("has(request.headers['x-none']) ? request.headers['x-none'] : 'none'", "none")]
    public void Value_OverARequest_IsText(string text, string? expected)
    {
        Assert.True(TelemetryExpression.TryParse(text, out TelemetryExpression? expression, out string? problem), problem);
        Assert.Equal(expected, expression.TextOf(new Facts()));
    }

    [Theory]
    [InlineData("", "the end")]
    [InlineData("response.code >", "the end")]
    [InlineData("response.code >= '400'", "Number with Text")]
    [InlineData("response.codes >= 400", "no attribute 'response.codes'")]
    [InlineData("request.path.matches('^/a')", "no function 'matches'")]
    [InlineData("response.code = 400", "'='")]
    [InlineData("response.code == 400 400", "not expected")]
    [InlineData("'open", "no end")]
    [InlineData("request.method && true", "for conditions")]
    [InlineData("!response.code", "for conditions")]
    [InlineData("response.code in ['a']", "literals of the type")]
    [InlineData("response.code in [response.code]", "literals of the type")]
    [InlineData("request.duration > duration('soon')", "no duration")]
    [InlineData("request.duration > duration('99999999999999999h')", "no duration")]
    [InlineData("1.2.3 == 1", "not a number")]
    [InlineData("true < false", "cannot compare Bool")]
    [InlineData("'\\x' == 'a'", "escape")]
    [InlineData("response.code.startsWith('5')", "for strings")]
    [InlineData("metadata.filter_metadata['x'] == 1", "no attribute")]
    public void Text_NotUnderstood_IsRefusedWithTheReason(string text, string part)
    {
        Assert.False(TelemetryExpression.TryParse(text, out _, out string? problem));
        Assert.Contains(part, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(", 900)]
    [InlineData("!", 900)]
    [InlineData("true ? ", 200)]
    [InlineData("a", 5_000)]
    public void Text_Endless_IsRefused(string part, int times) =>
        Assert.False(TelemetryExpression.TryParse(string.Concat(Enumerable.Repeat(part, times)), out _, out _));

    private sealed class Facts : ITelemetryFacts
    {
        public Value ValueOf(FactName fact) => fact switch
        {
            FactName.ResponseCode => Value.Of(503),
            FactName.RequestMethod => Value.Of("POST"),
            FactName.RequestPath => Value.Of("/orders/7?debug=1"),
            FactName.RequestUrlPath => Value.Of("/orders/7"),
            FactName.RequestDuration => Value.Of(TimeSpan.FromMilliseconds(300)),
            FactName.ConnectionMtls => Value.Of(true),
            _ => Value.Absent,
        };

        public string? Header(string name) => name == "x-team" ? "blue" : null;
    }
}
