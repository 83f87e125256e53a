package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"kpi-gate/internal/model"
)

// bars shows a bar for each feed that is being read; nothing where w is no terminal.
type bars struct {
	mu    sync.Mutex
	all   *mpb.Progress
	feeds map[model.Feed]*mpb.Bar
}

func newBars(ctx context.Context, w io.Writer) *bars {
	b := &bars{feeds: map[model.Feed]*mpb.Bar{}}
	if file, ok := w.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		b.all = mpb.NewWithContext(ctx, mpb.WithOutput(w), mpb.WithWidth(40))
	}
	return b
}

// longestFeed is the length of the longest name of a feed, and a blank.
const longestFeed = len(model.CodeScanningAlerts) + 1

// progress is a collect.Progress.
func (b *bars) progress(feed model.Feed, read, total int, done bool) {
	if b.all == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	bar := b.feeds[feed]
	if bar == nil {
		bar = b.all.AddBar(0,
			mpb.PrependDecorators(decor.Name(fmt.Sprintf("%-*s", longestFeed, feed))),
			mpb.AppendDecorators(decor.CurrentNoUnit("%d read")))
		b.feeds[feed] = bar
	}
	switch {
	case done:
		total = read
	case total < read:
		total = read + read/4 + 1 // How much is to come is unknown: a bar that is not full says that it is more.
	}
	bar.SetTotal(int64(total), false)
	bar.SetCurrent(int64(read))
}

// finish ends all bars.
func (b *bars) finish() {
	if b.all == nil {
		return
	}
	b.mu.Lock()
	for _, bar := range b.feeds {
		bar.SetTotal(-1, true)
	}
	b.mu.Unlock()
	b.all.Wait()
}
